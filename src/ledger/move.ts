import type { Exact } from '../kit/decimal.ts';
import { min, ZERO } from '../kit/decimal.ts';
import { freeOf } from './burn-down.ts';
import type { Cause, GrantState, LedgerAccount, WalletState } from './wallet-state.ts';

/** Books value out of the wallet: from a grant, or into debt where `grant` is null. */
export function moveOut(
  wallet: WalletState,
  to: LedgerAccount,
  amount: Exact,
  grant: GrantState | null,
  cause: Cause,
): void {
  wallet.balance = wallet.balance - amount;
  if (grant === null) wallet.debt = wallet.debt + amount;
  append(wallet, 'WALLET', to, amount, grant, cause);
}

/** Books value into the wallet: onto a grant, or against the debt where `grant` is null. */
export function moveIn(
  wallet: WalletState,
  from: LedgerAccount,
  amount: Exact,
  grant: GrantState | null,
  cause: Cause,
): void {
  wallet.balance = wallet.balance + amount;
  if (grant === null) wallet.debt = wallet.debt - amount;
  append(wallet, from, 'WALLET', amount, grant, cause);
}

/**
 * Takes up to `amount` of what is left of a grant, and not set aside, out of the wallet; returns what was taken.
 */
export function takeFrom(
  wallet: WalletState,
  grant: GrantState,
  amount: Exact,
  to: LedgerAccount,
  cause: Cause,
): Exact {
  const taken = min(amount, freeOf(grant));
  if (taken === ZERO) return ZERO;
  grant.remaining = grant.remaining - taken;
  moveOut(wallet, to, taken, grant, cause);
  return taken;
}

/**
 * A debt is repaid first: a general grant that comes into force pays it before anything else can draw on
 * it. Two entries by way of the receivable account, so that the grant's and the debt's sums stay right.
 */
export function repayDebt(wallet: WalletState, grant: GrantState): void {
  if (grant.scopeMetrics.length > 0) return;
  repayDebtFrom(wallet, [grant], { kind: 'REPAYMENT', id: grant.id, chargeOrdinal: null });
}

/** The same from several grants, of what no hold has set aside: an entry for each, and one for the debt. */
export function repayDebtFrom(
  wallet: WalletState,
  grants: readonly GrantState[],
  cause: Cause,
): void {
  let repaid: Exact = ZERO;
  for (const grant of grants) {
    const owed = wallet.debt - repaid;
    if (owed === ZERO) break;
    repaid += takeFrom(wallet, grant, owed, 'RECEIVABLE', cause);
  }
  if (repaid !== ZERO) moveIn(wallet, 'RECEIVABLE', repaid, null, cause);
}

function append(
  wallet: WalletState,
  debitAccount: LedgerAccount,
  creditAccount: LedgerAccount,
  amount: Exact,
  grant: GrantState | null,
  cause: Cause,
): void {
  wallet.lastSequence += 1;
  wallet.postings.push({
    sequence: wallet.lastSequence,
    debitAccount,
    creditAccount,
    amount,
    grant,
    cause,
    balanceAfter: wallet.balance,
  });
}

/** A point to return to when an event turns out not to be payable. */
export interface Mark {
  readonly postings: number;
  readonly lastSequence: number;
  readonly balance: Exact;
  readonly debt: Exact;
}

export function markOf(wallet: WalletState): Mark {
  return {
    postings: wallet.postings.length,
    lastSequence: wallet.lastSequence,
    balance: wallet.balance,
    debt: wallet.debt,
  };
}

/** Undoes what was booked out of the wallet since the mark, as if it had never been decided. */
export function returnTo(wallet: WalletState, mark: Mark): void {
  for (const { grant, amount } of wallet.postings.splice(mark.postings)) {
    if (grant) grant.remaining = grant.remaining + amount;
  }
  wallet.lastSequence = mark.lastSequence;
  wallet.balance = mark.balance;
  wallet.debt = mark.debt;
}
