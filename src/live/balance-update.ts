/** A wallet's state after a committed change, as it travels from the ledger to whoever watches. */
export interface BalanceUpdate {
  readonly walletId: string;
  readonly customerId: string;
  readonly organizationId: string;
  /** Grows by one with every committed change of the wallet. */
  readonly version: number;
  readonly balance: BalanceFigures;
  /** Why it changed; null for a state that was read. */
  readonly cause: BalanceCause | null;
  /** When it was committed, RFC 3339 in UTC. */
  readonly at: string;
}

/**
 * Why a balance changed: a kind of entry, a new policy, a hold that set value aside (HOLD) or let it go (RELEASE),
 * or that a grant began or ended by time alone.
 */
export type BalanceCause = (typeof BALANCE_CAUSES)[number];

const BALANCE_CAUSES = [
  'USAGE',
  'GRANT',
  'ADJUSTMENT',
  'VOID',
  'EXPIRY',
  'REPAYMENT',
  'SUBSCRIPTION',
  'ROLLOVER',
  'HOLD',
  'RELEASE',
  'CORRECTION',
  'TOP_UP',
  'REFUND',
  'DISPUTE',
  'POLICY',
  'TIME',
] as const;

/** Exact decimals in canonical text, in the wallet's asset. */
export interface BalanceFigures {
  readonly settled: string;
  readonly held: string;
  readonly available: string;
  readonly pending: string;
}

/** One channel an organization, so that the changes of one commit travel in one message: a list of updates. */
export function balanceChannel(organizationId: string): string {
  return `drawdown:balances:${organizationId}`;
}

/** Whether a message of the bus is an update of this customer: what others wrote to Redis is not trusted. */
export function isBalanceUpdate(
  message: unknown,
  { organizationId, customerId }: Pick<BalanceUpdate, 'organizationId' | 'customerId'>,
): message is BalanceUpdate {
  if (typeof message !== 'object' || message === null) return false;
  const update = message as Partial<BalanceUpdate>;
  const { balance } = update;
  return (
    update.customerId === customerId &&
    update.organizationId === organizationId &&
    typeof update.walletId === 'string' &&
    Number.isSafeInteger(update.version) &&
    (update.cause === null || CAUSES.has(update.cause as string)) &&
    isInstant(update.at) &&
    typeof balance === 'object' &&
    balance !== null &&
    isDecimal(balance.settled) &&
    isDecimal(balance.held) &&
    isDecimal(balance.available) &&
    isDecimal(balance.pending)
  );
}

const CAUSES: ReadonlySet<string> = new Set(BALANCE_CAUSES);
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DECIMAL = /^-?\d{1,26}(?:\.\d{1,12})?$/;

/** The one that was found right last: all changes of a commit have the same. */
let knownInstant: string | null = null;

/** One that is on no calendar matches too, and could not be shown. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value === knownInstant) return true;
  if (!INSTANT.test(value) || Number.isNaN(Date.parse(value))) return false;
  knownInstant = value;
  return true;
}

function isDecimal(value: unknown): boolean {
  return typeof value === 'string' && DECIMAL.test(value);
}
