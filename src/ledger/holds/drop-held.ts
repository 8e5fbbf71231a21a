import { ZERO } from '../../kit/decimal.ts';
import type { GrantState, WalletState } from '../wallet-state.ts';

/** The settlement window of a grant is over: what holds had set aside of it is theirs no more. */
export function dropHeld({ holds }: WalletState, grant: GrantState): void {
  if (holds === null) return;
  for (const hold of holds.open.values()) {
    if (!hold.allocations.some((allocation) => allocation.grant === grant)) continue;
    hold.allocations = hold.allocations.filter((allocation) => allocation.grant !== grant);
    holds.changed.add(hold);
  }
  grant.held = ZERO;
}
