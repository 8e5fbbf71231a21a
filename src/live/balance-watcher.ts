import type { BalanceUpdate } from './balance-update.ts';
import { createLatestSlots, type LatestSlots } from './latest-slots.ts';

/** One subscription: what it may still be told, and the updates that wait for its reader. */
export interface BalanceWatcher {
  /** Keeps the update if it is of what is watched, and newer than everything before it. */
  offer(update: BalanceUpdate): void;
  /** Takes back what was offered of a wallet: this is its state, though its version is lower. */
  correct(state: BalanceUpdate): void;
  /** The state that was read once hints could be heard; from here on the reader is served. */
  begin(snapshot: readonly BalanceUpdate[]): void;
  take: LatestSlots<BalanceUpdate>['take'];
  close: LatestSlots<BalanceUpdate>['close'];
}

export interface Watched {
  /** Null: all wallets of the customer. */
  readonly walletId: string | null;
  /** What the reader has already seen of the one wallet, for one that comes back. */
  readonly sinceVersion: number | null;
}

export function createBalanceWatcher({ walletId, sinceVersion }: Watched): BalanceWatcher {
  const slots = createLatestSlots<BalanceUpdate>();
  const newest = new Map<string, number>();
  if (walletId !== null && sinceVersion !== null) newest.set(walletId, sinceVersion);

  function offer(update: BalanceUpdate): void {
    if (walletId !== null && update.walletId !== walletId) return;
    if (update.version <= (newest.get(update.walletId) ?? -1)) return;
    newest.set(update.walletId, update.version);
    slots.put(update.walletId, update);
  }

  return {
    offer,
    correct(state) {
      if (walletId === null || state.walletId === walletId) newest.delete(state.walletId);
      offer(state);
    },
    begin(snapshot) {
      for (const state of snapshot) {
        offer(state);
        // A version that the wallet has not reached yet is a mistake; it must not silence what comes.
        if (newest.get(state.walletId) === sinceVersion) newest.set(state.walletId, state.version);
      }
    },
    take: slots.take,
    close: slots.close,
  };
}
