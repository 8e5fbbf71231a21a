import type { SnapshotFeature } from '../catalog/snapshot.ts';
import type { Exact } from '../kit/decimal.ts';
import type { Period } from '../metering/period.ts';
import { type Right, rightOf } from './right.ts';
import type { Rules } from './rules.ts';
import { spanAt } from './span.ts';
import { countOf, type Standing } from './standing.ts';
import { sliceOf } from './usage-of-feature.ts';

/** A right that a customer has, and what is used of it. */
export interface Entitlement {
  readonly feature: SnapshotFeature;
  readonly right: Right;
  /** Null unless the feature is metered. */
  readonly used: Exact | null;
  /** What `used` is counted in; null unless the feature is metered. */
  readonly span: Period | null;
}

/** All rights of a customer, in the order in which their features were made. */
export function entitlementsOf(
  standing: Standing,
  { catalogue }: Pick<Rules, 'catalogue'>,
  now: Date,
): Entitlement[] {
  return catalogue.features.flatMap((feature): Entitlement[] => {
    const right = rightOf(standing.terms.rights, feature.code, now);
    if (right === null) return [];
    if (feature.kind !== 'METERED') return [{ feature, right, used: null, span: null }];
    const span = spanAt(right.reset, now, right.period);
    const slice = sliceOf({ span: right.reset, subject: null, spentIn: null });
    const { quantity } = countOf(standing, feature.id, slice, span.start);
    return [{ feature, right, used: quantity, span }];
  });
}
