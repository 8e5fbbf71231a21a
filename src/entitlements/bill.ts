import { type Exact, max, timesHours, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, isRefusal } from '../kit/refusal.ts';
import type { Owed } from '../ledger/charge.ts';
import { isObserved, mayFall } from '../rating/aggregation.ts';
import { type PricedCharge, type RatedCharge, tooLarge } from '../rating/rate.ts';
import { costOnTop, isRunning } from '../rating/running-cost.ts';
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

/** The same where prices are tiered: what it costs on top of what the customer has used in the period. */
export function billsOnTop(
  rated: readonly RatedCharge[],
  standing: Standing,
  occurredAt: Date,
): Bill[] | Invalid {
  const charges: PricedCharge[] = [];
  for (const charge of rated) {
    const amount = charge.amount ?? amountOnTop(charge, standing, occurredAt);
    if (isRefusal(amount)) return amount;
    charges.push({ ...charge, amount });
  }
  return billsOf(charges);
}

function amountOnTop(charge: RatedCharge, standing: Standing, occurredAt: Date): Exact | Invalid {
  const { rate, price, metric } = charge;
  if (!isRunning(rate)) throw new Error(`Rate ${rate.id} cannot price what is counted.`);
  const period = standing.terms.periodOf(price.rateCardId, occurredAt);
  const before = countOf(standing, price.id, rate.slice, period.start);
  const grown = growthOf(charge, before.quantity, occurredAt, period.end);
  const rules = { scale: price.assetScale, mayFall: mayFall(metric.aggregation) };
  return costOnTop(rate, grown, before, rules) ?? tooLarge(metric);
}

/**
 * By how much it would raise what is counted, and by no less: what was said before in the period is not known
 * here, so that a value counts as one that was never said, and as the last one of the period.
 */
function growthOf(
  { metric: { aggregation }, quantity: value }: RatedCharge,
  counted: Exact,
  at: Date,
  periodEnd: Date,
): Exact {
  if (!isObserved(aggregation) || aggregation === 'UNIQUE') return value;
  if (aggregation === 'TIME_WEIGHTED_SUM')
    return timesHours(value, periodEnd.getTime() - at.getTime());
  return max(value - counted, ZERO);
}
