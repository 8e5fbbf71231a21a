import type { WalletHolds } from './hold-state.ts';

/** What is remembered of a wallet's holds once they are written; null when none is open any more. */
export function keptHolds(holds: WalletHolds): WalletHolds | null {
  for (const hold of holds.changed) {
    hold.terms = null;
    hold.unwritten.length = 0;
  }
  holds.changed.clear();
  holds.captured.length = 0;
  return holds.open.size === 0 ? null : holds;
}
