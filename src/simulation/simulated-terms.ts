import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';
import { monthOf, type Period } from '../metering/period.ts';
import { type Anchor, type Interval, periodAt } from '../subscriptions/periods.ts';
import { NO_CARDS, NO_PERIODS, toPeriods, toSpan } from '../subscriptions/read-terms.ts';
import {
  type CountingTerms,
  type CustomerTerms,
  createTerms,
  NO_TERMS,
} from '../subscriptions/terms.ts';
import { type PeriodsRow, READ_PERIODS } from './sql/read-periods.ts';

/** A plan that everybody is taken to be on. */
export interface SimulatedPlan {
  readonly cardId: Id<'rateCard'>;
  /** Its billing period. */
  readonly interval: Interval;
  /** Where the periods begin of those who had none of that length. */
  readonly anchor: Anchor;
}

const NOBODY: ReadonlyMap<string, CountingTerms> = new Map();

/** The terms that customers would have on the plan. */
export async function readSimulatedTerms(
  tx: Queryable,
  plan: SimulatedPlan,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, CountingTerms>> {
  if (customerIds.length === 0) return NOBODY;
  const { cardId, interval } = plan;
  const given = arrayLiteral(customerIds, (id) => id);
  const values = [given, cardId, interval.unit, interval.count];
  const rows = await tx.query<PeriodsRow>(READ_PERIODS, values);
  const own = new Map(rows.map((row) => [row.customer_id, ownTerms(row)]));
  return new Map(customerIds.map((id) => [id, simulatedTerms(plan, own.get(id) ?? NO_TERMS)]));
}

/**
 * What the plan's card prices is counted in the period of the subscription that the customer had then, if that was as
 * long as the plan's, and otherwise as if the plan had begun at the anchor; what the default card prices is counted in
 * the calendar month, as ever. `own` are terms on the plan's card, for as long as there was such a subscription.
 */
function simulatedTerms(
  { cardId, interval, anchor }: SimulatedPlan,
  own: CustomerTerms,
): CountingTerms {
  // Most events lie in the same period as the one before; to find one by the calendar takes a while.
  let last: Period | null = null;
  return {
    periodOf(rateCardId, at) {
      if (rateCardId !== cardId) return monthOf(at);
      if (own.cardsAt(at).length > 0) return own.periodOf(cardId, at);
      if (!last || at < last.start || at >= last.end) last = periodAt(anchor, interval, at);
      return last;
    },
  };
}

/** Only when there was a subscription, and its periods: what it priced and gave makes no difference. */
function ownTerms({ version, spans, courses }: PeriodsRow): CustomerTerms {
  const periodsOf = new Map((courses ?? []).map((row) => [row.subscriptionId, toPeriods(row)]));
  const read = (spans ?? []).map((span) =>
    toSpan(span, periodsOf.get(span.subscriptionId) ?? NO_PERIODS, NO_CARDS),
  );
  return createTerms(version, read, []);
}
