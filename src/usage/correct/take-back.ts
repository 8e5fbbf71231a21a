import { loadTerms } from '../../catalog/stored-terms.ts';
import type { Tx } from '../../infra/db.ts';
import { type Exact, exact, ZERO } from '../../kit/decimal.ts';
import type { Counter } from '../../metering/counter.ts';
import { takeReading } from '../../metering/take-reading.ts';
import { isObserved, mayFall } from '../../rating/aggregation.ts';
import { costTakenBack, isRunning, surplusOf } from '../../rating/running-cost.ts';
import type { Claim } from './claims.ts';
import { rateOf } from './correction-store.ts';

export interface TakenBack {
  readonly quantity: Exact;
  readonly amount: Exact;
}

/** What a claim is worth now: its charge, or what its counter comes to with it less without it. */
export async function takeBack(
  tx: Tx,
  claim: Claim,
  counter: Counter | null,
  eventId: string,
): Promise<TakenBack> {
  const { charge } = claim;
  if (counter) return takeFromCounter(tx, claim, counter, eventId);
  return { quantity: exact(charge?.quantity ?? 0), amount: exact(charge?.amount ?? 0) };
}

async function takeFromCounter(
  tx: Tx,
  { price, charge }: Claim,
  counter: Counter,
  eventId: string,
): Promise<TakenBack> {
  const { aggregation } = price.metric;
  const before = { quantity: counter.quantity, charged: counter.charged };
  const after = isObserved(aggregation)
    ? await takeReading(tx, counter, aggregation, eventId)
    : before.quantity - exact(charge?.quantity ?? 0);
  // The last units are given back, at what they cost: the event's own rate may be that of a plan which is over.
  const rate = (await lastRate(tx, counter)) ?? charge?.rate ?? null;
  const terms = rate && loadTerms(rate);
  const rules = { scale: price.asset.scale, mayFall: mayFall(aggregation) };
  // What was never charged has no rate, and nothing to give back.
  const amount = terms && isRunning(terms) ? costTakenBack(terms, before, after, rules) : ZERO;
  counter.quantity = after;
  counter.charged -= amount;
  counter.surplus =
    terms && isRunning(terms)
      ? surplusOf(terms, { quantity: after, charged: counter.charged }, rules)
      : ZERO;
  counter.isChanged = true;
  return { quantity: before.quantity - after, amount };
}

async function lastRate(tx: Tx, { rateId }: Counter) {
  return rateId === null ? null : rateOf(tx, rateId);
}
