import { type Exact, MAX_AMOUNT, max, min, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { freeOf } from './burn-down.ts';
import { isInForce } from './grant.ts';
import type { InsufficientFunds } from './refusals.ts';
import { overdraftOf, type WalletState } from './wallet-state.ts';

/** What general grants in force would leave, beside what is held, if they repaid the debt. */
export function freeFunds(wallet: WalletState, now: Date): Exact {
  return wallet.grants
    .filter((grant) => grant.scopeMetrics.length === 0 && isInForce(grant, now))
    .reduce((sum, grant) => sum + freeOf(grant), -wallet.debt - heldOverdraft(wallet));
}

/**
 * A debt has the first claim on a grant that has come into force, also in the second before the worker has
 * booked it. This is how much of what was just taken belongs to the debt: what takes `available` below what
 * the policy allows.
 */
export function claimed(wallet: WalletState, fundsBefore: Exact, now: Date): Exact {
  const funds = freeFunds(wallet, now);
  const below = -(funds + limitOf(wallet));
  return max(min(fundsBefore - funds, below), ZERO);
}

/** The most that can be paid at once of what is for no metric, to the depth of debt that the policy allows. */
export function payable(wallet: WalletState, now: Date): Exact {
  return max(freeFunds(wallet, now) + limitOf(wallet), ZERO);
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

/** How much more debt the policy allows, given the debt and what holds have of the overdraft. */
export function headroomOf(wallet: WalletState, debt: Exact, held: Exact): Exact {
  return max(limitOf(wallet) - debt - held, ZERO);
}

/** How deep a debt may get. ARREARS ends where numbers do. */
export function limitOf(wallet: WalletState): Exact {
  return wallet.onEmpty === 'ARREARS' ? MAX_AMOUNT : overdraftOf(wallet);
}

/** What holds set aside of the overdraft. */
export function heldOverdraft({ holds }: WalletState): Exact {
  return holds === null ? ZERO : holds.overdraft;
}
