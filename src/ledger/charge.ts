import { type Exact, MAX_AMOUNT, max, min, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type Draw, drawDown, type Moment } from './burn-down.ts';
import { isInForce } from './grant.ts';
import { type Mark, markOf, moveOut, returnTo } from './move.ts';
import type { InsufficientFunds } from './refusals.ts';
import {
  type Cause,
  type GrantState,
  type LedgerAccount,
  overdraftOf,
  type WalletState,
} from './wallet-state.ts';

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
 * as the wallet's policy allows. Changes the wallet in memory only.
 */
export function payFrom(
  wallet: WalletState,
  owed: readonly Owed[],
  moment: Moment,
): Paid | InsufficientFunds {
  const mark = markOf(wallet);
  const payments: Payment[] = [];
  const fundsBefore = mark.debt === ZERO ? null : freeFunds(wallet, moment.now);
  let required = ZERO;
  let uncovered = ZERO;
  for (const item of owed) {
    const firstSequence = wallet.lastSequence + 1;
    const { draws, uncovered: rest } = payOne(wallet, item, moment);
    payments.push({ firstSequence, draws });
    required += item.amount;
    uncovered += rest;
  }
  const shortfall = max(
    uncovered - headroomOf(wallet, mark.debt),
    fundsBefore !== null ? claimed(wallet, fundsBefore, moment.now) : ZERO,
  );
  if (shortfall <= ZERO) return { mark, payments };
  returnTo(wallet, mark);
  return insufficientFunds(wallet.assetId, wallet.id, required, required - shortfall);
}

/** What general grants in force would leave if they repaid the debt. */
function freeFunds(wallet: WalletState, now: Date): Exact {
  return wallet.grants
    .filter((grant) => grant.scopeMetrics.length === 0 && isInForce(grant, now))
    .reduce((sum, grant) => sum + grant.remaining, -wallet.debt);
}

/**
 * A debt has the first claim on a grant that has come into force, also in the second before the worker has
 * booked it. This is how much of what was just paid belongs to the debt: what takes `available` below what
 * the policy allows.
 */
function claimed(wallet: WalletState, fundsBefore: Exact, now: Date): Exact {
  const funds = freeFunds(wallet, now);
  const below = -(funds + limitOf(wallet));
  return max(min(fundsBefore - funds, below), ZERO);
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

/** The refusal of a charge that finds `available` where `required` is needed. */
export function insufficientFunds(
  assetId: Id<'asset'>,
  walletId: Id<'wallet'> | null,
  required: Exact,
  available: Exact,
): InsufficientFunds {
  return {
    refusal: 'InsufficientFunds',
    available,
    required,
    shortfall: required - available,
    assetId,
    walletId,
  };
}

/** What the grants do not cover is booked as debt until the caller has judged the sum. */
function payOne(wallet: WalletState, owed: Owed, moment: Moment) {
  const { draws, uncovered } = drawDown(wallet.grants, owed.amount, owed.metricCode, moment);
  const all: Draw<GrantState | null>[] = draws;
  if (uncovered !== ZERO) all.push({ grant: null, amount: uncovered });
  for (const { grant, amount } of all) moveOut(wallet, owed.to, amount, grant, owed.cause);
  return { draws: all, uncovered };
}

/** How much more debt the policy allows, given the debt so far. */
function headroomOf(wallet: WalletState, debt: Exact): Exact {
  return max(limitOf(wallet) - debt, ZERO);
}

/** How deep a debt may get. ARREARS ends where numbers do. */
function limitOf(wallet: WalletState): Exact {
  return wallet.onEmpty === 'ARREARS' ? MAX_AMOUNT : overdraftOf(wallet);
}
