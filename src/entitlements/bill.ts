import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import type { Owed } from '../ledger/charge.ts';
import { mayFall } from '../rating/aggregation.ts';
import { type PricedCharge, type RatedCharge, tooLarge } from '../rating/rate.ts';
import { costOnTop, isRunning } from '../rating/running-cost.ts';
import { countedOnTop } from './on-top.ts';
import { countOf, type Standing } from './standing.ts';

/** What is to be paid in one asset, together or not at all. */
export interface Bill {
  readonly assetId: Id<'asset'>;
  readonly owed: readonly Owed[];
  /** The sum of it. */
  readonly required: Exact;
}

/** Nothing is booked, so it does not matter for what. */
const CAUSE = { kind: 'USAGE', id: '', chargeOrdinal: null } as const;

/** What a charge for usage would be; `metricCode` null draws general grants only. */
export function usageOwed(amount: Exact, metricCode: string | null): Owed {
  return { amount, metricCode, cause: CAUSE, to: 'REVENUE' };
}

/** An amount that is for no metric. */
export function billOf(assetId: Id<'asset'>, amount: Exact): Bill {
  return { assetId, owed: [usageOwed(amount, null)], required: amount };
}

/** Whether what it costs depends on nobody's usage before. */
export function isPriced(rated: readonly RatedCharge[]): rated is readonly PricedCharge[] {
  return rated.every(({ amount }) => amount !== null);
}

/** The charges of one event by asset, in the order in which they would be paid. */
export function billsOf(charges: readonly PricedCharge[]): Bill[] {
  const bills: (Bill & { owed: Owed[]; required: Exact })[] = [];
  for (const { price, metric, amount } of charges) {
    const owed = usageOwed(amount, metric.code);
    const bill = bills.find(({ assetId }) => assetId === price.assetId);
    if (!bill) bills.push({ assetId: price.assetId, owed: [owed], required: amount });
    else {
      bill.owed.push(owed);
      bill.required += amount;
    }
  }
  return bills;
}

/**
 * The same where it depends on what was used before: what it costs on top of that. What was said before of a
 * metric that goes by single values is not known here; it is taken for new, which is the most that it may cost.
 */
export function billsOnTop(
  rated: readonly RatedCharge[],
  standing: Standing,
  occurredAt: Date,
): Bill[] | Invalid {
  const charges: PricedCharge[] = [];
  for (const charge of rated) {
    const { amount } = charge;
    const priced = amount === null ? onTop(charge, standing, occurredAt) : { ...charge, amount };
    if (isRefusal(priced)) return priced;
    if (priced !== null) charges.push(priced);
  }
  return billsOf(charges);
}

/** Null when it changes nothing of what is counted. */
function onTop(
  charge: RatedCharge,
  standing: Standing,
  occurredAt: Date,
): PricedCharge | null | Invalid {
  const { rate, price, metric, key, events } = charge;
  if (!isRunning(rate)) throw new Error(`Rate ${rate.id} cannot price what is counted.`);
  const period = standing.terms.periodOf(price.rateCardId, occurredAt);
  const before = countOf(standing, price.countedAs, rate.slice, period.start);
  const said = { aggregation: metric.aggregation, quantity: charge.quantity, key };
  const quantity = countedOnTop(said, occurredAt, before.quantity, period);
  if (quantity === ZERO) return null;
  const rules = { scale: price.assetScale, mayFall: mayFall(metric.aggregation) };
  const amount = costOnTop(rate, quantity, before, rules, events);
  return amount === null ? tooLarge(metric) : { ...charge, quantity, amount };
}
