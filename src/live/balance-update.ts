/** A wallet's state after a committed change, as it travels from the ledger to whoever watches. */
export interface BalanceUpdate {
  readonly walletId: string;
  readonly customerId: string;
  readonly organizationId: string;
  /** Grows by one with every committed change of the wallet. */
  readonly version: number;
  readonly balance: BalanceFigures;
  /** When it was committed, RFC 3339 in UTC. */
  readonly at: string;
}

/** Exact decimals in canonical text, in the wallet's asset. */
export interface BalanceFigures {
  readonly settled: string;
  readonly held: string;
  readonly available: string;
  readonly pending: string;
}

/** One channel a wallet, so that nobody can hear of a wallet that he did not ask for. */
export function balanceChannel(walletId: string): string {
  return `drawdown:balance:${walletId}`;
}

/** Whether a message of the bus is an update of this wallet: what others wrote to Redis is not trusted. */
export function isBalanceUpdate(message: unknown, walletId: string): message is BalanceUpdate {
  if (typeof message !== 'object' || message === null) return false;
  const update = message as Partial<BalanceUpdate>;
  const { balance } = update;
  return (
    update.walletId === walletId &&
    typeof update.customerId === 'string' &&
    typeof update.organizationId === 'string' &&
    Number.isSafeInteger(update.version) &&
    typeof update.at === 'string' &&
    typeof balance === 'object' &&
    balance !== null &&
    [balance.settled, balance.held, balance.available, balance.pending].every(
      (x) => typeof x === 'string',
    )
  );
}
