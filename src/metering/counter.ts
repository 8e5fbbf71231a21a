import { type Exact, ZERO } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { Period } from './period.ts';

/** PRICE: what a price goes by. FEATURE: what is used of a feature; SUBJECT: the same by one subject. */
export type CounterKind = 'PRICE' | 'FEATURE' | 'SUBJECT';

/** What is counted: something of a customer's, slice by slice, in a period. */
export interface CounterKey {
  readonly kind: CounterKind;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  /** The price, or the feature. */
  readonly countedId: string;
  /** A part of it that is counted by itself; empty for the whole. */
  readonly slice: string;
  readonly period: Period;
  /** Equal for equal keys. */
  readonly name: string;
}

/** A counter to decide on; decisions change it in memory. What is written says which version it builds on. */
export interface Counter {
  readonly key: CounterKey;
  /** As stored; 0 when it is not there yet. What is written is one more. */
  version: number;
  quantityStored: Exact;
  /** As stored: that of the first who counted. */
  periodEnd: Date;
  quantity: Exact;
  /** What was charged for it, in the price's asset, or that of a feature's spend cap. */
  charged: Exact;
  /** How much of that is more than the quantity costs now; given back when the period ends. */
  surplus: Exact;
  /** The rate that was charged at last. */
  rateId: Id<'rate'> | null;
  isChanged: boolean;
  /** What has to be known of single readings, for as long as a batch is decided on; null mostly. */
  readings: Readings | null;
  /** What events use of a feature; to be written. */
  uses: readonly TakenUse[];
}

/** What an event counts for in a counter of a feature. */
export interface TakenUse {
  readonly usageEventId: Id<'usageEvent'>;
  readonly quantity: Exact;
  /** What was spent, where the counter adds up money. */
  readonly amount: Exact;
  /** In what; null where it adds up quantities. */
  readonly assetId: Id<'asset'> | null;
}

/** Something that was said of a counter's value, and what is counted of it. */
export interface Reading {
  readonly at: Date;
  readonly value: Exact;
}

/** Of what was said before: as much as those need who are deciding. */
export interface Readings {
  /** Those of the values asked about that were said already: of UNIQUE. */
  readonly keys: Set<string>;
  /** Those beside the instants asked about, in order: of LATEST and TIME_WEIGHTED_SUM. */
  readonly series: Reading[];
  /** What is to be written. */
  readonly taken: TakenReading[];
}

export interface TakenReading extends Reading {
  readonly key: string | null;
  readonly usageEventId: Id<'usageEvent'>;
}

export function counterKey(fields: Omit<CounterKey, 'name'>): CounterKey {
  const { customerId, countedId, slice, period } = fields;
  return { ...fields, name: `${customerId}/${countedId}/${period.start.getTime()}/${slice}` };
}

/** A counter that nothing was counted by yet. */
export function emptyCounter(key: CounterKey): Counter {
  return {
    key,
    version: 0,
    quantityStored: ZERO,
    periodEnd: key.period.end,
    quantity: ZERO,
    charged: ZERO,
    surplus: ZERO,
    rateId: null,
    isChanged: false,
    readings: null,
    uses: NO_USES,
  };
}

export const NO_USES: readonly TakenUse[] = [];

/** What puts a counter back as it is now, with all that was said of it. */
export function markCounter(counter: Counter): () => void {
  const { readings } = counter;
  const before = {
    ...counter,
    readings: readings && {
      keys: new Set(readings.keys),
      series: [...readings.series],
      taken: [...readings.taken],
    },
  };
  return () => void Object.assign(counter, before);
}

/** The order in which everybody locks counters, and writes them. */
export function byName(a: CounterKey, b: CounterKey): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
