import { type Exact, fraction, max, min, ZERO } from '../../kit/decimal.ts';
import type { Claim, Dispute, Refund } from './claim.ts';

/** All that was credited for a payment. */
export interface Credited {
  readonly paid: Exact;
  readonly credit: Exact;
  readonly bonus: Exact;
}

type Share = Pick<Claim, 'amount' | 'credit' | 'bonus'>;

/**
 * What goes back of the credit, and of what was given on top of it, with so much of the money, given what goes back already. In
 * proportion of all that was paid, and all of the rest with the last of it, so that rounding leaves nothing behind.
 */
export function shareOf(
  { paid, credit, bonus }: Credited,
  before: readonly Share[],
  amount: Exact,
  scale: number,
): { readonly credit: Exact; readonly bonus: Exact } {
  const back = min(moneyOf(before) + amount, paid);
  const share = (total: Exact, already: Exact) =>
    max(min(fraction(total, back, paid, scale), total) - already, ZERO);
  return {
    credit: share(
      credit,
      before.reduce((sum, one) => sum + one.credit, ZERO),
    ),
    bonus: share(
      bonus,
      before.reduce((sum, one) => sum + one.bonus, ZERO),
    ),
  };
}

/** Everything of a payment that goes back or has gone. */
export interface Returns {
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
}

/** What goes back for good, as far as anybody knows: an open dispute does not count before it is lost. */
export function finalOf({ refunds, disputes }: Returns): (Refund | Dispute)[] {
  return [
    ...refunds.filter(({ status }) => status !== 'FAILED'),
    ...disputes.filter(({ status }) => status === 'LOST'),
  ];
}

/** How much of the money may still be given back: what is disputed may be lost anyhow. */
export function refundable(paid: Exact, returns: Returns): Exact {
  const open = returns.disputes.filter(({ status }) => status === 'OPEN');
  return max(paid - moneyOf([...finalOf(returns), ...open]), ZERO);
}

/** What was given back by refunds, as a payment counts it: never more than was paid. */
export function refundedOf(paid: Exact, refunds: readonly Refund[]): Exact {
  return min(moneyOf(refunds.filter(({ status }) => status === 'SUCCEEDED')), paid);
}

export function moneyOf(claims: readonly Pick<Claim, 'amount'>[]): Exact {
  return claims.reduce((sum, { amount }) => sum + amount, ZERO);
}
