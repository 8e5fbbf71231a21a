import type { Id } from '../kit/ids.ts';
import { type CounterKey, counterKey } from '../metering/counter.ts';
import type { Observed } from '../metering/observe.ts';
import type { Asked } from '../metering/readings.ts';
import { isObserved } from '../rating/aggregation.ts';
import type { RatedCharge } from '../rating/rate.ts';
import type { CountingTerms } from '../subscriptions/terms.ts';
import type { Candidate } from './event.ts';

/** A counter that an event moves: one that a charge goes by, or one of what is used of a feature. */
export type Counted = CountedCharge | CountedFeature;

interface CountedBy {
  readonly key: CounterKey;
  /** What the event says, where what it counts depends on the others of its period; null otherwise. */
  readonly observed: Observed | null;
}

/** What the charge costs depends on what was counted before. */
export interface CountedCharge extends CountedBy {
  readonly kind: 'CHARGE';
  readonly ordinal: number;
}

/** What is counted makes no difference to what the event costs. */
export interface CountedFeature extends CountedBy {
  readonly kind: 'FEATURE';
  /** Whose charges are its use. */
  readonly metricId: Id<'metric'>;
  /** In what they are added up; null where their quantity is. */
  readonly spentIn: Id<'asset'> | null;
}

/** What most events have: shared, so that they cost nothing. */
export const NOTHING_COUNTED: readonly Counted[] = [];

/** The counters that an event's charges go by. */
export function countedOf(
  event: Pick<Candidate['event'], 'organizationId' | 'customerId' | 'occurredAt'>,
  rated: readonly RatedCharge[],
  terms: CountingTerms,
): readonly Counted[] {
  if (rated.every(({ amount }) => amount !== null)) return NOTHING_COUNTED;
  const { organizationId, customerId, occurredAt } = event;
  const owner = { kind: 'PRICE' as const, organizationId, customerId };
  const counted: Counted[] = [];
  for (const [ordinal, charge] of rated.entries()) {
    const { amount, price, rate } = charge;
    if (amount !== null) continue;
    const { slice } = rate;
    const period = terms.periodOf(price.rateCardId, occurredAt);
    const key = counterKey({ ...owner, countedId: price.countedAs, slice, period });
    counted.push({ kind: 'CHARGE', ordinal, key, observed: observedOf(charge, occurredAt) });
  }
  return counted;
}

/** What a charge says of a metric that goes by single values; null of any other. */
export function observedOf(
  { metric, quantity, key }: Pick<RatedCharge, 'metric' | 'quantity' | 'key'>,
  at: Date,
): Observed | null {
  const { aggregation } = metric;
  return isObserved(aggregation) ? { aggregation, at, value: quantity, key } : null;
}

/** The counters that candidates move, each once; mostly none. */
export function counterKeys(candidates: readonly Pick<Candidate, 'counted'>[]): CounterKey[] {
  const keys = new Map<string, CounterKey>();
  for (const { counted } of candidates) {
    for (const { key } of counted) if (!keys.has(key.name)) keys.set(key.name, key);
  }
  return [...keys.values()];
}

/** What candidates say of counters that have to be asked about what was said before; mostly nothing. */
export function askedOf(candidates: readonly Pick<Candidate, 'counted'>[]): Asked[] {
  const asked: Asked[] = [];
  for (const { counted } of candidates) {
    for (const { key, observed } of counted) if (observed) asked.push({ key, observed });
  }
  return asked;
}
