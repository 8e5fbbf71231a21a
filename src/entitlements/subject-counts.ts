import { nowIn } from '../clocks/now-of.ts';
import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { exact } from '../kit/decimal.ts';
import type { Running } from '../rating/running-cost.ts';
import { namesOf } from './catalogue-names.ts';
import type { ConsumptionInput } from './consumption.ts';
import type { Gathered } from './decider.ts';
import { type CheckPlan, consumptionAt, customerAt } from './plan-checks.ts';
import { rightOf } from './right.ts';
import { spanAt } from './span.ts';
import { type CountRow, READ_SUBJECT_COUNTS } from './sql/read-counts.ts';
import { countName, NOTHING } from './standing.ts';
import { sliceOf } from './usage-of-feature.ts';

/** What single subjects used of features, by customer and `countName`. */
export type SubjectCounts = ReadonlyMap<string, Running>;

const NOBODY: SubjectCounts = new Map();

export function subjectCount(
  counts: SubjectCounts,
  customerId: string,
  featureId: string,
  slice: string,
  start: Date,
): Running {
  return counts.get(nameOf(customerId, featureId, slice, start.getTime())) ?? NOTHING;
}

function nameOf(customerId: string, featureId: string, slice: string, startMs: number): string {
  return `${customerId}/${countName(featureId, slice, startMs)}`;
}

interface SubjectKey {
  readonly customerId: string;
  readonly featureId: string;
  readonly slice: string;
  readonly start: Date;
}

/**
 * What the subjects that a plan asks about have used, where each has a budget. A customer may have any number of
 * subjects, so that they are not kept with what it has: they are read when they are asked about.
 */
export async function readSubjectCounts(
  db: Queryable,
  plan: CheckPlan,
  gathered: Omit<Gathered, 'subjects'>,
): Promise<SubjectCounts> {
  const keys = keysOf(plan, gathered);
  if (keys.length === 0) return NOBODY;
  const rows = await db.query<CountRow>(READ_SUBJECT_COUNTS, [
    columns.uuid(keys, ({ customerId }) => customerId),
    columns.uuid(keys, ({ featureId }) => featureId),
    arrayLiteral(keys, ({ start }) => start.getTime()),
    columns.text(keys, ({ slice }) => slice),
  ]);
  return new Map(
    rows.map((row) => [
      nameOf(row.customer_id, row.counted_id, row.slice, row.start_ms),
      { quantity: exact(row.quantity), charged: exact(row.charged) },
    ]),
  );
}

const NO_KEYS: readonly SubjectKey[] = [];

const asksForSubject = ({ feature, subject }: ConsumptionInput) =>
  feature != null && subject != null;

function keysOf(
  plan: CheckPlan,
  { customers, rules, standings, nows, now: serverNow }: Omit<Gathered, 'subjects'>,
): readonly SubjectKey[] {
  if (!plan.consumptions.some(asksForSubject)) return NO_KEYS;
  const { features } = namesOf(rules.catalogue);
  const keys = new Map<string, SubjectKey>();
  for (let index = 0; index < plan.count; index += 1) {
    const at = customerAt(plan, index);
    const [standing, customer] = [standings[at], customers[at]];
    const consumption = plan.consumptions[consumptionAt(plan, index)];
    if (!consumption || !asksForSubject(consumption) || !standing || !customer) continue;
    const { feature: code, subject } = consumption;
    const feature = features.get(code ?? '');
    const now = nows && customer.testClockId ? nowIn(nows, customer.testClockId) : serverNow;
    const right = feature && rightOf(standing.terms.rights, feature.code, now);
    if (!feature || !subject || !right || right.perSubject === null) continue;
    const { start } = spanAt(right.reset, now, right.period);
    const slice = sliceOf({ span: right.reset, subject, spentIn: null });
    const key = { customerId: customer.id, featureId: feature.id, slice, start };
    keys.set(nameOf(key.customerId, key.featureId, slice, start.getTime()), key);
  }
  return [...keys.values()];
}
