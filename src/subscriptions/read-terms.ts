import type { CardsOf } from '../catalog/cards.ts';
import { readEntitlement } from '../catalog/plans/entitlements.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { fromEpochMs } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import type { CardPrices } from '../rating/price-book.ts';
import { type CountingPeriods, createCountingPeriods } from './counting-periods.ts';
import type { Interval } from './periods.ts';
import {
  byFeature,
  type PlanRights,
  type PlanRightsOf,
  type RightsByFeature,
} from './plan-rights.ts';
import type { RightsSource } from './rights-source.ts';
import { type CourseRow, READ_TERMS, type TermsRow, type TermsSpanRow } from './sql/read-terms.ts';
import { type CustomerTerms, createTerms, type TermsSpan } from './terms.ts';

/** What is stored of the terms of those customers that have or had a subscription. */
export function readTerms(
  db: Queryable,
  customerIds: readonly string[],
  now: Date,
): Promise<TermsRow[]> {
  return db.query<TermsRow>(READ_TERMS, [arrayLiteral(customerIds, (id) => id), now]);
}

/** What terms name and never changes: it is read when it is not known yet. */
export interface Promised {
  readonly planRightsOf: PlanRightsOf;
  readonly cardsOf: CardsOf;
}

/** The terms that rows say, by customer. */
export async function toTerms(
  rows: readonly TermsRow[],
  { planRightsOf, cardsOf }: Promised,
): Promise<Map<string, CustomerTerms>> {
  const all = rows.flatMap(({ spans }) => spans ?? []);
  const entitled = all.filter((span) => span.isEntitled);
  const [plans, cards] = await Promise.all([
    planRightsOf(entitled.map(({ planVersionId }) => planVersionId)),
    cardsOf(all.flatMap(cardIdsOf)),
  ]);
  return new Map(rows.map((row) => [row.customer_id, termsOf(row, plans, cards)]));
}

function termsOf(
  { version, spans, courses }: TermsRow,
  plans: ReadonlyMap<string, PlanRights>,
  cards: ReadonlyMap<string, CardPrices>,
): CustomerTerms {
  const periodsOf = new Map((courses ?? []).map((row) => [row.subscriptionId, toPeriods(row)]));
  const read = (spans ?? []).map((row) => {
    const span = toSpan(row, periodsOf.get(row.subscriptionId) ?? NO_PERIODS, cards);
    return { span, source: row.isEntitled ? toSource(row, span, plans) : null };
  });
  return createTerms(
    version,
    read.map(({ span }) => span),
    read.flatMap(({ source }) => source ?? []),
  );
}

/** Of a subscription that has begun none. */
export const NO_PERIODS: CountingPeriods = { at: () => null };

export function toPeriods({ anchorMs, timeZone, interval, nextInterval, begun }: CourseRow) {
  const periods = begun.map(([startMs, endMs, isTrial]) => ({
    start: fromEpochMs(startMs),
    end: fromEpochMs(endMs),
    isTrial,
  }));
  return createCountingPeriods(periods, {
    anchor: { at: fromEpochMs(anchorMs), timeZone },
    interval: toInterval(interval),
    nextInterval: toInterval(nextInterval),
  });
}

function toInterval([unit, count]: CourseRow['interval']): Interval {
  return { unit: unit ?? 'MONTH', count: count ?? 1 };
}

type SpanFields = Pick<TermsSpanRow, 'fromMs' | 'untilMs' | 'overrideCardId' | 'cardId'>;

export const NO_CARDS: ReadonlyMap<string, CardPrices> = new Map();

export function toSpan(
  row: SpanFields,
  periods: CountingPeriods,
  cards: ReadonlyMap<string, CardPrices>,
): TermsSpan {
  const { fromMs, untilMs } = row;
  const rateCardIds = cardIdsOf(row);
  return {
    from: fromEpochMs(fromMs),
    until: untilMs === null ? null : fromEpochMs(untilMs),
    rateCardIds,
    prices: rateCardIds.flatMap((id) => cards.get(id) ?? []),
    periods,
  };
}

/** Those of the subscription alone come first. */
function cardIdsOf({ overrideCardId, cardId }: SpanFields): Id<'rateCard'>[] {
  return [overrideCardId, cardId].filter((id) => id !== null) as Id<'rateCard'>[];
}

function toSource(
  { planVersionId, seats, addOns, overrides }: TermsSpanRow,
  { from, until, periods }: TermsSpan,
  plans: ReadonlyMap<string, PlanRights>,
): RightsSource {
  const plan = plans.get(planVersionId);
  if (!plan) throw new Error(`There is no version ${planVersionId} of a plan.`);
  return { from, until, periods, seats, plan, addOns, overrides: readOverrides(overrides ?? []) };
}

const NO_OVERRIDES: RightsByFeature = new Map();

/** They were checked before they were stored, so that a fault in them is one of ours. */
function readOverrides(documents: readonly unknown[]): RightsByFeature {
  if (documents.length === 0) return NO_OVERRIDES;
  const check = createChecker();
  const entitlements = documents.map((document, at) => readEntitlement(check, `${at}`, document));
  const fault = check.fault();
  if (fault) throw new Error(`Stored overrides cannot be read: ${JSON.stringify(fault.issues)}`);
  return byFeature(entitlements);
}
