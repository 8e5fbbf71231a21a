import type { SnapshotFeature } from '../catalog/snapshot.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Running } from '../rating/running-cost.ts';
import type { Bill } from './bill.ts';
import type { CatalogueNames } from './catalogue-names.ts';
import type { DecisionOutcome, DecisionReason } from './decision.ts';
import { type Right, rightOf } from './right.ts';
import { type Span, spanAt } from './span.ts';
import { countOf, type Standing } from './standing.ts';
import { type SubjectCounts, subjectCount } from './subject-counts.ts';
import { type CountedPart, sliceOf } from './usage-of-feature.ts';

/** What would be used of a feature. */
export interface FeatureUse {
  readonly feature: SnapshotFeature;
  readonly quantity: Exact;
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

/** Something that ends a right. */
export interface Bound {
  readonly reason: DecisionReason;
  readonly limit: Exact;
  readonly used: Exact;
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

/** The bounds of a right in the order in which they are told of. */
function boundsOf(
  standing: Standing,
  { feature, quantity, subject, bills }: FeatureUse,
  right: Right,
  { now, subjects, assets }: Judging,
): Bound[] {
  const usedOf = (part: CountedPart, start: Date): Running =>
    part.subject === null
      ? countOf(standing, feature.id, sliceOf(part), start)
      : subjectCount(subjects, standing.customerId, feature.id, sliceOf(part), start);
  const { limit, period, reset, perSubject, spendCap } = right;
  const bounds: Bound[] = [];
  if (feature.kind === 'STATIC') {
    if (limit === null) return bounds;
    const wanted = { wanted: quantity, resetsAt: null, of: null };
    return [{ reason: 'LIMIT_REACHED', limit, used: ZERO, ...wanted }];
  }
  const count = (reason: DecisionReason, most: Exact, span: Span, whose: string | null): void => {
    const { end, start } = spanAt(span, now, period);
    const part: CountedPart = { span, subject: whose, spentIn: null };
    const used = usedOf(part, start).quantity;
    const resetsAt = span === 'NEVER' ? null : end;
    const of = reason === 'WINDOW_LIMIT_REACHED' ? span : null;
    bounds.push({ reason, limit: most, used, wanted: quantity, resetsAt, of });
  };
  if (limit !== null) count('LIMIT_REACHED', limit, reset, null);
  for (const window of right.windows) {
    count('WINDOW_LIMIT_REACHED', window.limit, window.per, null);
  }
  if (perSubject !== null && subject !== null) {
    count('SUBJECT_LIMIT_REACHED', perSubject, reset, subject);
  }
  if (spendCap !== null) {
    const { start, end } = spanAt(spendCap.per, now, period);
    const assetId = assets.get(spendCap.asset)?.id;
    const wanted = bills.find((bill) => bill.assetId === assetId)?.required ?? ZERO;
    const part: CountedPart = { span: spendCap.per, subject: null, spentIn: spendCap.asset };
    const used = usedOf(part, start).charged;
    const { amount, asset: of } = spendCap;
    bounds.push({ reason: 'SPEND_CAP_REACHED', limit: amount, used, wanted, resetsAt: end, of });
  }
  return bounds;
}
