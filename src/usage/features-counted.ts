import type { CatalogueSnapshot, SnapshotFeature } from '../catalog/snapshot.ts';
import { namesOf } from '../entitlements/catalogue-names.ts';
import { rightOf } from '../entitlements/right.ts';
import { spanAt } from '../entitlements/span.ts';
import { type CountedPart, partsOf, sliceOf } from '../entitlements/usage-of-feature.ts';
import { type CounterKey, counterKey } from '../metering/counter.ts';
import type { Period } from '../metering/period.ts';
import type { RatedCharge } from '../rating/rate.ts';
import type { RatingRules } from './candidate.ts';
import { type Counted, type CountedFeature, NOTHING_COUNTED, observedOf } from './counted.ts';
import type { Candidate } from './event.ts';

type Used = Pick<Candidate['event'], 'organizationId' | 'customerId' | 'occurredAt' | 'subject'>;

/**
 * The counters of metered features that an event is a use of: those to which the customer had a right when it
 * occurred, in each span and budget that ends the right. Use that nothing ends is counted until the reset.
 */
export function featuresCounted(
  event: Used,
  rated: readonly RatedCharge[],
  { catalogue, terms }: RatingRules,
): readonly Counted[] {
  if (terms.rights.length === 0 || rated.length === 0) return NOTHING_COUNTED;
  const { meteredBy } = namesOf(catalogue);
  const counted: Counted[] = [];
  for (const [ordinal, charge] of rated.entries()) {
    const { metric } = charge;
    // All charges of a metric are of the same quantity.
    if (rated.findIndex((it) => it.metric === metric) !== ordinal) continue;
    for (const feature of meteredBy.get(metric.id) ?? []) {
      const right = rightOf(terms.rights, feature.code, event.occurredAt);
      if (!right?.enabled) continue;
      for (const part of partsOf(right, event.subject)) {
        const period = spanAt(part.span, event.occurredAt, right.period);
        const one = countedPart(
          event,
          charge,
          keyOf(event, feature, part, period),
          part,
          catalogue,
        );
        if (one) counted.push(one);
      }
    }
  }
  return counted;
}

function keyOf(
  { organizationId, customerId }: Used,
  { id: countedId }: SnapshotFeature,
  part: CountedPart,
  period: Period,
): CounterKey {
  const kind = part.subject === null ? 'FEATURE' : 'SUBJECT';
  return counterKey({ kind, organizationId, customerId, countedId, slice: sliceOf(part), period });
}

/** Null where money is to be added up in an asset that the catalogue does not have. */
function countedPart(
  { occurredAt }: Used,
  charge: RatedCharge,
  key: CounterKey,
  { spentIn }: CountedPart,
  catalogue: CatalogueSnapshot,
): CountedFeature | null {
  const { metric } = charge;
  const common = { kind: 'FEATURE' as const, key, metricId: metric.id };
  if (spentIn === null) {
    return { ...common, observed: observedOf(charge, occurredAt), spentIn: null };
  }
  const asset = namesOf(catalogue).assets.get(spentIn);
  return asset ? { ...common, observed: null, spentIn: asset.id } : null;
}
