import type { BalanceUpdate } from './balance-update.ts';
import { createLatestSlot, type LatestSlot } from './latest-slot.ts';

/** One subscription: what it may still be told, and the one update that waits for its reader. */
export interface BalanceWatcher {
  /** Keeps the update if it is newer than everything before it. */
  offer(update: BalanceUpdate): void;
  /** The state that was read once hints could be heard; from here on the reader is served. */
  begin(snapshot: BalanceUpdate): void;
  take: LatestSlot<BalanceUpdate>['take'];
  close: LatestSlot<BalanceUpdate>['close'];
}

/** `sinceVersion` is what the reader has already seen, for one that comes back. */
export function createBalanceWatcher(sinceVersion: number | null): BalanceWatcher {
  const slot = createLatestSlot<BalanceUpdate>();
  let newest = sinceVersion ?? -1;

  function offer(update: BalanceUpdate): void {
    if (update.version <= newest) return;
    newest = update.version;
    slot.put(update);
  }

  return {
    offer,
    begin(snapshot) {
      offer(snapshot);
      // A version that the wallet has not reached yet is a mistake; it must not silence what comes.
      if (newest === sinceVersion) newest = snapshot.version;
    },
    take: slot.take,
    close: slot.close,
  };
}
