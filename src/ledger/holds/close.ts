import { plain } from '../../kit/decimal.ts';
import { isInForce } from '../grant.ts';
import { repayDebtFrom } from '../move.ts';
import type { GrantState, WalletState } from '../wallet-state.ts';
import { type HoldState, type HoldStatus, heldBy } from './hold-state.ts';
import { lapse } from './lapse.ts';
import { holdsOf, letGo } from './set-aside.ts';

/**
 * Ends a hold: what it has still set aside goes back to the grants it came from. A debt that arose beside it
 * has the first claim on that, as on a grant that comes into force.
 */
export function closeHold(
  wallet: WalletState,
  hold: HoldState,
  status: Exclude<HoldStatus, 'OPEN'>,
  now: Date,
): void {
  const holds = holdsOf(wallet);
  const freed = hold.allocations.map(({ grant }) => grant as GrantState);
  hold.closedSequence ??= wallet.lastSequence;
  // One that has expired was over at its time, whenever that is booked.
  hold.closedAt ??= status === 'EXPIRED' ? hold.expiresAt : now;
  hold.status = status;
  letGo(holds, hold);
  holds.open.delete(hold.id);
  holds.changed.add(hold);
  const general = freed.filter((grant) => grant.scopeMetrics.length === 0 && isInForce(grant, now));
  repayDebtFrom(wallet, general, { kind: 'RELEASE', id: hold.id, chargeOrdinal: null });
}

/** Books the holds of a wallet whose time is over: whatever writes the wallet may have drawn what they held. */
export function bookLapsed(wallet: WalletState, now: Date): void {
  if (wallet.holds === null) return;
  lapse(wallet, wallet.holds, now);
  for (const hold of [...wallet.holds.open.values()]) {
    if (!hold.isLapsed) continue;
    const amount = plain(heldBy(hold));
    closeHold(wallet, hold, 'EXPIRED', now);
    wallet.facts.push({ type: 'hold.expired', holdId: hold.id, walletId: wallet.id, amount });
  }
}
