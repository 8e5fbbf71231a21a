import { type Exact, max, min, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type Draw, drawDown, type Moment } from './burn-down.ts';
import {
  claimed,
  freeFunds,
  headroomOf,
  heldOverdraft,
  insufficientFunds,
  limitOf,
} from './funds.ts';
import { drawHeld } from './holds/draw-held.ts';
import type { HoldState } from './holds/hold-state.ts';
import { lapse } from './holds/lapse.ts';
import { type Mark, markOf, moveOut, returnTo } from './move.ts';
import type { InsufficientFunds } from './refusals.ts';
import type { Cause, GrantState, LedgerAccount, WalletState } from './wallet-state.ts';

/** Something to be paid from a wallet. */
export interface Owed {
  readonly amount: Exact;
  /** The metric it is charged for; null for an adjustment, which draws general grants only. */
  readonly metricCode: string | null;
  readonly cause: Cause;
  readonly to: LedgerAccount;
}

/** How one item was paid: a run of the wallet's entries, a draw for each; a null grant is its debt. */
export interface Payment {
  readonly firstSequence: number;
  readonly draws: readonly Draw<GrantState | null>[];
}

/** All that was paid, and the point to return to if something else of the same event cannot be. */
export interface Paid {
  readonly mark: Mark;
  /** One for each item, in order. */
  readonly payments: readonly Payment[];
}

/**
 * Pays all of `owed` from the wallet or none of it: grants in burn-down order, the rest as debt as far
 * as the wallet's policy allows. What holds have set aside is left alone, but for that of `hold`, which is drawn
 * first. Changes the wallet in memory only, and the hold, which the caller puts back after a refusal.
 */
export function payFrom(
  wallet: WalletState,
  owed: readonly Owed[],
  moment: Moment,
  hold: HoldState | null = null,
): Paid | InsufficientFunds {
  if (wallet.holds !== null) lapse(wallet, wallet.holds, moment.now);
  const mark = markOf(wallet);
  const payments: Payment[] = [];
  const fundsBefore = mark.debt === ZERO ? null : freeFunds(wallet, moment.now);
  const heldBefore = heldOverdraft(wallet);
  let required = ZERO;
  let uncovered = ZERO;
  for (const item of owed) {
    const firstSequence = wallet.lastSequence + 1;
    const { draws, uncovered: rest } = payOne(wallet, item, moment, hold);
    payments.push({ firstSequence, draws });
    required += item.amount;
    uncovered += rest;
  }
  const shortfall = max(
    beyondPolicy(wallet, mark.debt, heldBefore, uncovered),
    fundsBefore !== null ? claimed(wallet, fundsBefore, moment.now) : ZERO,
  );
  if (shortfall <= ZERO) return { mark, payments };
  returnTo(wallet, mark);
  return insufficientFunds(wallet.assetId, wallet.id, required, required - shortfall);
}

/**
 * How much of a new debt the policy does not allow. What a hold had of the overdraft is its own, as far as the
 * policy goes today; beyond it, what other holds have is not to be had.
 */
function beyondPolicy(
  wallet: WalletState,
  debtBefore: Exact,
  heldBefore: Exact,
  uncovered: Exact,
): Exact {
  const own = heldBefore - heldOverdraft(wallet);
  const beyond = max(uncovered - own, ZERO) - headroomOf(wallet, debtBefore, heldBefore);
  if (own === ZERO || uncovered === ZERO) return beyond;
  return max(beyond, min(uncovered, debtBefore + uncovered - limitOf(wallet)));
}

/** Without a wallet only what is free can be recorded: null then, and nothing is paid. */
export function payNothing(
  owed: readonly Pick<Owed, 'amount'>[],
  assetId: Id<'asset'>,
): InsufficientFunds | null {
  const required = owed.reduce((sum, item) => sum + item.amount, ZERO);
  return required === ZERO ? null : insufficientFunds(assetId, null, required, ZERO);
}

/** Whether a charge that was just paid leaves its customer in the slow lane. */
export function isThrottled(
  wallet: Pick<WalletState, 'onEmpty' | 'debt'> | undefined,
  amount: Exact,
): boolean {
  return amount !== ZERO && wallet?.onEmpty === 'THROTTLE' && wallet.debt > ZERO;
}

/** What the grants do not cover is booked as debt until the caller has judged the sum. */
function payOne(wallet: WalletState, owed: Owed, moment: Moment, hold: HoldState | null) {
  const { draws, uncovered } =
    hold === null
      ? drawDown(wallet.grants, owed.amount, owed.metricCode, moment)
      : payHeld(wallet, owed, moment, hold);
  const all: Draw<GrantState | null>[] = draws;
  if (uncovered !== ZERO) all.push({ grant: null, amount: uncovered });
  for (const { grant, amount } of all) moveOut(wallet, owed.to, amount, grant, owed.cause);
  return { draws: all, uncovered };
}

function payHeld(wallet: WalletState, owed: Owed, moment: Moment, hold: HoldState) {
  const before = hold.overdraft;
  const paid = drawHeld(wallet.grants, hold, owed.amount, owed.metricCode, moment);
  if (wallet.holds !== null) wallet.holds.overdraft -= before - hold.overdraft;
  return paid;
}
