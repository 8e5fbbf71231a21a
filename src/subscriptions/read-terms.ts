import { readEntitlement } from '../catalog/plans/entitlements.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { fromEpochMs } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
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

/** The terms that rows say, by customer. Versions of plans that are not known yet are read. */
export async function toTerms(
  rows: readonly TermsRow[],
  planRightsOf: PlanRightsOf,
): Promise<Map<string, CustomerTerms>> {
  const entitled = rows.flatMap(({ spans }) => spans ?? []).filter((span) => span.isEntitled);
  const plans = await planRightsOf(entitled.map(({ planVersionId }) => planVersionId));
  return new Map(rows.map((row) => [row.customer_id, termsOf(row, plans)]));
}

function termsOf(
  { version, spans, courses }: TermsRow,
  plans: ReadonlyMap<string, PlanRights>,
): CustomerTerms {
  const periodsOf = new Map((courses ?? []).map((row) => [row.subscriptionId, toPeriods(row)]));
  const read = (spans ?? []).map((row) => {
    const span = toSpan(row, periodsOf.get(row.subscriptionId) ?? NO_PERIODS);
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

export function toSpan(row: SpanFields, periods: CountingPeriods): TermsSpan {
  const { fromMs, untilMs, overrideCardId, cardId } = row;
  return {
    from: fromEpochMs(fromMs),
    until: untilMs === null ? null : fromEpochMs(untilMs),
    rateCardIds: [overrideCardId, cardId].filter((id) => id !== null) as Id<'rateCard'>[],
    periods,
  };
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
