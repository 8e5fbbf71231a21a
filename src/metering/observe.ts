import { type Exact, timesHours, ZERO } from '../kit/decimal.ts';
import type { Counter, Reading, Readings } from './counter.ts';
import type { Period } from './period.ts';

/** How values become a quantity: see the aggregations of metrics. */
export type Observation = 'MAX' | 'UNIQUE' | 'LATEST' | 'TIME_WEIGHTED_SUM';

/** A value that an event says, before it is counted. */
export interface Observed extends Reading {
  readonly aggregation: Observation;
  /** What UNIQUE tells apart; null for the others. */
  readonly key: string | null;
}

/** By how much a value changes what the counter counts; below zero where it falls. Changes nothing. */
export function deltaOf(counter: Counter, observed: Observed): Exact {
  return deltaAmong(readingsOf(counter), counter.quantity, counter.periodEnd, observed);
}

/**
 * The same where no single values are known, only what they came to in a period. The value is taken for the latest,
 * and for one that was not said before, which is the most that it may count.
 */
export function deltaOnTop(quantity: Exact, { end }: Period, observed: Observed): Exact {
  return deltaAmong(NOTHING_SAID, quantity, end, observed);
}

const NOTHING_SAID: Pick<Readings, 'keys' | 'series'> = { keys: new Set(), series: [] };

function deltaAmong(
  readings: Pick<Readings, 'keys' | 'series'>,
  quantity: Exact,
  periodEnd: Date,
  { aggregation, at, value, key }: Observed,
): Exact {
  switch (aggregation) {
    case 'MAX':
      return value > quantity ? value - quantity : ZERO;
    case 'UNIQUE':
      return key === null || readings.keys.has(key) ? ZERO : value;
    case 'LATEST':
      return placeOf(readings.series, at) === readings.series.length ? value - quantity : ZERO;
    case 'TIME_WEIGHTED_SUM':
      return areaOf(readings.series, { at, value }, periodEnd);
  }
}

/** Keeps a value in mind for those that are decided on after it. */
export function note(counter: Counter, { aggregation, at, value, key }: Observed): void {
  const { keys, series } = readingsOf(counter);
  if (aggregation === 'UNIQUE' && key !== null) keys.add(key);
  if (aggregation !== 'LATEST' && aggregation !== 'TIME_WEIGHTED_SUM') return;
  series.splice(placeOf(series, at), 0, { at, value });
}

export function readingsOf({ readings, key }: Counter): Readings {
  if (!readings) throw new Error(`The readings of the counter ${key.name} were not gathered.`);
  return readings;
}

/** Behind all that were said for no later instant. */
function placeOf(series: readonly Reading[], at: Date): number {
  let place = series.length;
  while (place > 0 && (series[place - 1] as Reading).at > at) place -= 1;
  return place;
}

function areaOf(series: readonly Reading[], reading: Reading, periodEnd: Date): Exact {
  const place = placeOf(series, reading.at);
  return areaBetween(series[place - 1] ?? null, reading, series[place]?.at ?? periodEnd, periodEnd);
}

/**
 * A value holds until the next one, or the end of the period: it is counted as if it stayed, and what
 * comes later counts the difference. In hours of the value; each stretch is rounded by itself, so that the
 * sum does not depend on the order in which they became known. A period may be cut short before a value that was
 * said ahead of its time: behind its end nothing counts.
 */
export function areaBetween(
  before: Reading | null,
  { at, value }: Reading,
  until: Date,
  periodEnd: Date,
): Exact {
  const own = stretch(value, at, until, periodEnd);
  if (!before) return own;
  const { value: former, at: from } = before;
  return own + stretch(former, from, at, periodEnd) - stretch(former, from, until, periodEnd);
}

/** What a value comes to from one instant to a later one, as far as the period goes. */
export function stretch(value: Exact, from: Date, to: Date, periodEnd: Date): Exact {
  const endMs = periodEnd.getTime();
  return timesHours(value, Math.min(to.getTime(), endMs) - Math.min(from.getTime(), endMs));
}
