import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Running } from '../rating/running-cost.ts';
import type { Bill } from './bill.ts';
import type { CatalogueNames } from './catalogue-names.ts';
import type { Use } from './cost.ts';
import type { DecisionOutcome, DecisionReason } from './decision.ts';
import { countedOnTop } from './on-top.ts';
import { type Right, rightOf } from './right.ts';
import { type Span, spanAt } from './span.ts';
import { countOf, type Standing } from './standing.ts';
import { type SubjectCounts, subjectCount } from './subject-counts.ts';
import { type CountedPart, sliceOf } from './usage-of-feature.ts';

/** What would be used of a feature. */
export interface FeatureUse extends Use {
  readonly subject: string | null;
  /** What it would cost. */
  readonly bills: readonly Bill[];
}

/** Whether a right covers a use, and the bound that decided. */
export interface Gate {
  readonly outcome: DecisionOutcome;
  readonly reason: DecisionReason | null;
  readonly limit: Exact | null;
  readonly used: Exact | null;
  readonly resetsAt: Date | null;
  /** All that ends the right, where it is shut. */
  readonly bounds: readonly Bound[];
}

type SpendCap = NonNullable<Right['spendCap']>;

/** Something that ends a right. */
export interface Bound {
  readonly reason: DecisionReason;
  readonly limit: Exact;
  readonly used: Exact;
  /** By how much the use would raise `used`; below zero where it would fall. */
  readonly wanted: Exact;
  readonly resetsAt: Date | null;
  /** The length of a window, or what a cap is in; null for the other bounds. */
  readonly of: string | null;
}

/** What it is judged by. */
export interface Judging {
  /** By the customer's time. */
  readonly now: Date;
  readonly subjects: SubjectCounts;
  readonly assets: CatalogueNames['assets'];
}

/** Whether the customer's right to a feature covers the use. Funds are another matter. */
export function gateOf(standing: Standing, use: FeatureUse, judging: Judging): Gate {
  const right = rightOf(standing.terms.rights, use.feature.code, judging.now);
  if (!right?.enabled) return shut('NOT_ENTITLED');
  if (use.feature.kind === 'BOOLEAN') return OPEN;
  const bounds = boundsOf(standing, use, right, judging);
  const exceeded = bounds.find(({ used, wanted, limit }) => used + wanted > limit);
  const [first] = bounds;
  if (!exceeded) return first ? toGate('ALLOW', null, first) : OPEN;
  return { ...toGate(right.whenExceeded, exceeded.reason, exceeded), bounds };
}

const NO_BOUNDS: readonly Bound[] = [];

const OPEN: Gate = {
  outcome: 'ALLOW',
  reason: null,
  limit: null,
  used: null,
  resetsAt: null,
  bounds: NO_BOUNDS,
};

function shut(reason: DecisionReason): Gate {
  return { ...OPEN, outcome: 'DENY', reason };
}

function toGate(outcome: DecisionOutcome, reason: DecisionReason | null, bound: Bound): Gate {
  const { limit, used, resetsAt } = bound;
  return { outcome, reason, limit, used, resetsAt, bounds: NO_BOUNDS };
}

/** What a bound is measured by. */
interface Measure {
  readonly standing: Standing;
  readonly use: FeatureUse;
  readonly right: Right;
  readonly judging: Judging;
}

/** The bounds of a right in the order in which they are told of. Without closures: it is asked for every check. */
function boundsOf(standing: Standing, use: FeatureUse, right: Right, judging: Judging): Bound[] {
  const { limit, reset, perSubject, spendCap } = right;
  const measure: Measure = { standing, use, right, judging };
  const bounds: Bound[] = [];
  if (use.feature.kind === 'STATIC') {
    if (limit !== null) bounds.push(fixedBound(limit, use.quantity));
    return bounds;
  }
  if (limit !== null) bounds.push(countBound(measure, 'LIMIT_REACHED', limit, reset, null));
  for (const window of right.windows) {
    bounds.push(countBound(measure, 'WINDOW_LIMIT_REACHED', window.limit, window.per, null));
  }
  if (perSubject !== null && use.subject !== null) {
    bounds.push(countBound(measure, 'SUBJECT_LIMIT_REACHED', perSubject, reset, use.subject));
  }
  if (spendCap !== null) bounds.push(spendBound(measure, spendCap));
  return bounds;
}

function fixedBound(limit: Exact, wanted: Exact): Bound {
  return { reason: 'LIMIT_REACHED', limit, used: ZERO, wanted, resetsAt: null, of: null };
}

function countBound(
  measure: Measure,
  reason: DecisionReason,
  limit: Exact,
  span: Span,
  subject: string | null,
): Bound {
  const { use, right, judging } = measure;
  const period = spanAt(span, judging.now, right.period);
  const used = usedOf(measure, { span, subject, spentIn: null }, period.start).quantity;
  const wanted = countedOnTop(use, judging.now, used, period);
  const resetsAt = span === 'NEVER' ? null : period.end;
  const of = reason === 'WINDOW_LIMIT_REACHED' ? span : null;
  return { reason, limit, used, wanted, resetsAt, of };
}

function spendBound(measure: Measure, { amount: limit, asset, per }: SpendCap): Bound {
  const { use, right, judging } = measure;
  const { start, end } = spanAt(per, judging.now, right.period);
  const assetId = judging.assets.get(asset)?.id;
  const wanted = use.bills.find((bill) => bill.assetId === assetId)?.required ?? ZERO;
  const used = usedOf(measure, { span: per, subject: null, spentIn: asset }, start).charged;
  return { reason: 'SPEND_CAP_REACHED', limit, used, wanted, resetsAt: end, of: asset };
}

function usedOf({ standing, use, judging }: Measure, part: CountedPart, start: Date): Running {
  const { id } = use.feature;
  return part.subject === null
    ? countOf(standing, id, sliceOf(part), start)
    : subjectCount(judging.subjects, standing.customerId, id, sliceOf(part), start);
}
