import { readEntitlement } from '../catalog/plans/entitlements.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import type { Period } from '../metering/period.ts';
import {
  byFeature,
  type PlanRights,
  type PlanRightsOf,
  type RightsByFeature,
} from './plan-rights.ts';
import type { RightsSource } from './rights-source.ts';
import { READ_TERMS, type TermsRow, type TermsSpanRow } from './sql/read-terms.ts';
import { type CustomerTerms, createTerms, type TermsSpan } from './terms.ts';

/** What is stored of the terms of those customers that have or had a subscription. */
export function readTerms(db: Queryable, customerIds: readonly string[]): Promise<TermsRow[]> {
  return db.query<TermsRow>(READ_TERMS, [arrayLiteral(customerIds, (id) => id)]);
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
  { version, spans, periods }: TermsRow,
  plans: ReadonlyMap<string, PlanRights>,
): CustomerTerms {
  const rowsOf = groupBy(periods ?? [], ([subscriptionId]) => subscriptionId);
  const periodsOf = new Map([...rowsOf].map(([id, rows]) => [id, rows.map(toPeriod)]));
  const read = (spans ?? []).map((row) => {
    const span = toSpan(row, periodsOf.get(row.subscriptionId) ?? []);
    return { span, source: row.isEntitled ? toSource(row, span, plans) : null };
  });
  return createTerms(
    version,
    read.map(({ span }) => span),
    read.flatMap(({ source }) => source ?? []),
  );
}

export function toPeriod([, startMs, endMs]: NonNullable<TermsRow['periods']>[number]): Period {
  return { start: fromEpochMs(startMs), end: fromEpochMs(endMs) };
}

type SpanFields = Pick<TermsSpanRow, 'fromMs' | 'untilMs' | 'overrideCardId' | 'cardId'>;

export function toSpan(row: SpanFields, periods: readonly Period[]): TermsSpan {
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
