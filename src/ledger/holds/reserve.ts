import { type Exact, max, ZERO } from '../../kit/decimal.ts';
import { drawDown } from '../burn-down.ts';
import { claimed, freeFunds, headroomOf, heldOverdraft, insufficientFunds } from '../funds.ts';
import type { InsufficientFunds } from '../refusals.ts';
import type { GrantState, WalletState } from '../wallet-state.ts';
import type { HoldState } from './hold-state.ts';
import { lapse } from './lapse.ts';
import { holdsOf, markOfHold, returnHoldTo, setAside } from './set-aside.ts';

/**
 * Sets more aside for a hold, all or nothing: what a charge of that amount would draw now, grants in burn-down
 * order and then the overdraft. Changes the wallet and the hold in memory only.
 */
export function reserve(
  wallet: WalletState,
  hold: HoldState,
  amount: Exact,
  now: Date,
): InsufficientFunds | null {
  const holds = holdsOf(wallet);
  lapse(wallet, holds, now);
  const mark = markOfHold(hold);
  const fundsBefore = wallet.debt === ZERO ? null : freeFunds(wallet, now);
  const headroom = headroomOf(wallet, wallet.debt, heldOverdraft(wallet));
  const moment = { occurredAt: now, now, settlementWindowMs: wallet.settlementWindowMs };
  const { draws, uncovered } = drawDown(wallet.grants, amount, hold.metricCode, moment);
  for (const { grant, amount: taken } of draws) {
    grant.remaining += taken;
    setAside(wallet, hold, grant, taken);
  }
  setAside(wallet, hold, null, uncovered);
  const shortfall = max(
    uncovered - headroom,
    fundsBefore !== null ? claimed(wallet, fundsBefore, now) : ZERO,
  );
  if (shortfall > ZERO) {
    returnHoldTo(wallet, hold, mark);
    return insufficientFunds(wallet.assetId, wallet.id, amount, amount - shortfall);
  }
  note(wallet, hold, draws, uncovered);
  hold.amount += amount;
  return null;
}

/** Keeps what was set aside when, so that a replay knows what others could draw. */
function note(
  { lastSequence: sequence }: WalletState,
  hold: HoldState,
  draws: readonly { readonly grant: GrantState; readonly amount: Exact }[],
  uncovered: Exact,
): void {
  for (const { grant, amount } of draws) {
    hold.unwritten.push({ sequence, grantId: grant.id, amount });
  }
  if (uncovered !== ZERO) hold.unwritten.push({ sequence, grantId: null, amount: uncovered });
}
