import type { BalanceUpdate } from './balance-update.ts';

/** Reads the committed states of these wallets in one query; of one that does not exist there is none. */
export type ReadUpdates = (walletIds: readonly string[]) => Promise<readonly BalanceUpdate[]>;

/** Reads a wallet's committed state; null when there is no such wallet. */
export type ReadSnapshot = (walletId: string) => Promise<BalanceUpdate | null>;

/** A read that has not begun. */
interface Round {
  readonly walletIds: Set<string>;
  readonly states: Promise<ReadonlyMap<string, BalanceUpdate>>;
}

/** Wallets that are read in one query. */
const MAX_WALLETS = 500;

/**
 * One read at a time: who asks meanwhile shares the next one. Nobody is ever given what was read before he
 * asked, and watchers that begin together get the same object, so that it is turned into a result once.
 */
export function createSnapshotReads(readUpdates: ReadUpdates): ReadSnapshot {
  let running: Promise<unknown> = Promise.resolve();
  let next: Round | null = null;

  function openRound(): Round {
    const walletIds = new Set<string>();
    const states = running.then(async () => {
      if (next === round) next = null;
      const updates = await readUpdates([...walletIds]);
      return new Map(updates.map((update) => [update.walletId, update]));
    });
    const round = { walletIds, states };
    running = states.catch(() => undefined);
    return round;
  }

  return async (walletId) => {
    if (!next || next.walletIds.size >= MAX_WALLETS) next = openRound();
    next.walletIds.add(walletId);
    return (await next.states).get(walletId) ?? null;
  };
}
