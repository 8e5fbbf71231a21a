import type { Exact } from '../../kit/decimal.ts';
import { ZERO } from '../../kit/decimal.ts';
import type { GrantState, WalletState } from '../wallet-state.ts';
import { type HoldState, noHolds, type WalletHolds } from './hold-state.ts';

/** The holds of a wallet, which most wallets do not have. */
export function holdsOf(wallet: WalletState): WalletHolds {
  wallet.holds ??= noHolds();
  return wallet.holds;
}

/** Sets more aside for a hold: of a grant, or of the overdraft where `grant` is null. */
export function setAside(
  wallet: WalletState,
  hold: HoldState,
  grant: GrantState | null,
  amount: Exact,
): void {
  if (amount === ZERO) return;
  const known = grant && hold.allocations.find((one) => one.grant === grant);
  if (grant === null) {
    hold.overdraft += amount;
    holdsOf(wallet).overdraft += amount;
  } else {
    grant.held += amount;
    if (known) known.amount += amount;
    else hold.allocations.push({ grant, amount });
  }
}

/** Lets go what a hold has set aside, without closing it. */
export function letGo(holds: WalletHolds, hold: HoldState): void {
  if (!hold.isLapsed) {
    for (const { grant, amount } of hold.allocations) grant.held -= amount;
    holds.overdraft -= hold.overdraft;
  }
  hold.allocations = [];
  hold.overdraft = ZERO;
}

/** A hold as it is, to be put back when what was decided on it turns out not to be payable. */
export type HoldMark = Pick<HoldState, 'allocations' | 'overdraft'>;

export function markOfHold({ allocations, overdraft }: HoldState): HoldMark {
  return { allocations: allocations.map((one) => ({ ...one })), overdraft };
}

export function returnHoldTo(wallet: WalletState, hold: HoldState, mark: HoldMark): void {
  const holds = holdsOf(wallet);
  if (!hold.isLapsed) {
    for (const { grant, amount } of hold.allocations) grant.held -= amount;
    for (const { grant, amount } of mark.allocations) grant.held += amount;
    holds.overdraft += mark.overdraft - hold.overdraft;
  }
  hold.allocations = mark.allocations;
  hold.overdraft = mark.overdraft;
}
