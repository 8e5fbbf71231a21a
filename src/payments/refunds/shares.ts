import { type Exact, fraction, max, min, ZERO } from '../../kit/decimal.ts';
import type { Claim, Dispute, Refund } from './claim.ts';

/** All that was credited for a payment. */
export interface Credited {
  readonly paid: Exact;
  readonly credit: Exact;
  readonly bonus: Exact;
}

type Kind = 'credit' | 'bonus';

type Share = Pick<Claim, 'amount' | Kind>;

/**
 * What goes back of the credit, and of what was given on top of it, with so much of the money, given what goes back already. In
 * proportion of all that was paid, and all of the rest with the last of it, so that rounding leaves nothing behind. What those
 * before lack of theirs is not of it.
 */
export function shareOf(
  credited: Credited,
  before: readonly Share[],
  amount: Exact,
  scale: number,
): { readonly credit: Exact; readonly bonus: Exact } {
  const money = moneyOf(before);
  const share = (kind: Kind) => {
    const all = partOf(credited, kind, money + amount, scale);
    return max(all - max(partOf(credited, kind, money, scale), sumOf(before, kind)), ZERO);
  };
  return { credit: share('credit'), bonus: share('bonus') };
}

/** The part of so much money in all that was credited; all of it where more goes back than was paid. */
function partOf(credited: Credited, kind: Kind, money: Exact, scale: number): Exact {
  const { paid, [kind]: total } = credited;
  return min(fraction(total, min(money, paid), paid, scale), total);
}

/**
 * What each of the claims that stand is to have of the credit, or of the bonus, for all to have what the money of all makes. None
 * has more than its own money makes, whatever the others lack: it would keep that when they fail. So what is missing goes to
 * those that lack it and what is too much is left by those that have it, the last first; what rounding leaves, by the last.
 */
export function evenOut(
  credited: Credited,
  claims: readonly Share[],
  kind: Kind,
  scale: number,
): Exact[] {
  const parts = claims.map((claim) => claim[kind]);
  let open = partOf(credited, kind, moneyOf(claims), scale) - sumOf(claims, kind);
  const move = (index: number, most: Exact) => {
    const part = open > ZERO ? max(min(most, open), ZERO) : min(max(most, open), ZERO);
    parts[index] = (parts[index] ?? ZERO) + part;
    open -= part;
  };
  const lastFirst = [...claims.entries()].reverse();
  for (const [index, { amount, [kind]: has }] of lastFirst) {
    move(index, partOf(credited, kind, amount, scale) - has);
  }
  for (const [index] of lastFirst) move(index, open > ZERO ? open : -(parts[index] ?? ZERO));
  return parts;
}

function sumOf(claims: readonly Share[], kind: Kind): Exact {
  return claims.reduce((sum, claim) => sum + claim[kind], ZERO);
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
