import { createSharedReads } from '../kit/shared-reads.ts';
import type { BalanceUpdate } from './balance-update.ts';

/** Reads the committed states of these wallets in one query; of one that does not exist there is none. */
export type ReadUpdates = (walletIds: readonly string[]) => Promise<readonly BalanceUpdate[]>;

/** Reads a wallet's committed state; null when there is no such wallet. */
export type ReadSnapshot = (walletId: string) => Promise<BalanceUpdate | null>;

/** Watchers that begin together get the same object, so that it is turned into a result once. */
export function createSnapshotReads(readUpdates: ReadUpdates): ReadSnapshot {
  const read = createSharedReads(async (walletIds) => {
    const updates = await readUpdates(walletIds);
    return new Map(updates.map((update) => [update.walletId, update]));
  });
  return async (walletId) => (await read(walletId)) ?? null;
}
