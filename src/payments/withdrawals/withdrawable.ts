import { type Exact, MAX_SCALE, min, ZERO } from '../../kit/decimal.ts';
import type { Claim } from '../refunds/claim.ts';
import {
  type Credited,
  finalOf,
  moneyOf,
  type Returns,
  refundable,
  shareOf,
} from '../refunds/shares.ts';

/** What the grants of a payment have left that nothing has set aside, of each kind. */
export interface Left {
  readonly credit: Exact;
  readonly bonus: Exact;
}

/**
 * The most of the money of a payment that can be withdrawn: whose credit, and what was given on top of it, is wholly there.
 * In steps of what it was paid in: cents.
 */
export function withdrawable(
  credited: Credited,
  returns: Returns,
  left: Left,
  creditScale: number,
  paidScale: number,
): Exact {
  const before = finalOf(returns);
  const step = 10n ** BigInt(MAX_SCALE - paidScale);
  const isThere = (amount: Exact) => {
    const share = shareOf(credited, before, amount, creditScale);
    const back = min(moneyOf(before) + amount, credited.paid);
    return (['credit', 'bonus'] as const).every(
      (kind) =>
        share[kind] <= left[kind] &&
        // Not by what a share is rounded to: a coarse asset would give money for nothing.
        credited[kind] * back <= (sumOf(before, kind) + left[kind]) * credited.paid,
    );
  };
  // More of the money never takes less of the credit, so that the most is found by halving.
  let some = 0n;
  let many = refundable(credited.paid, returns) / step;
  while (some < many) {
    const half = (some + many + 1n) / 2n;
    if (isThere(half * step)) some = half;
    else many = half - 1n;
  }
  return some * step;
}

function sumOf(claims: readonly Claim[], kind: 'credit' | 'bonus'): Exact {
  return claims.reduce((sum, claim) => sum + claim[kind], ZERO);
}
