import { type Exact, max, ONE, timesHours, ZERO } from '../kit/decimal.ts';
import type { Reading } from './counter.ts';
import type { Observation } from './observe.ts';

/** A reading as it is stored, in the order of time. */
export interface StoredReading extends Reading {
  readonly key: string | null;
}

/** What all the readings of a counter come to. */
export function totalOf(
  aggregation: Observation,
  readings: readonly StoredReading[],
  periodEnd: Date,
): Exact {
  switch (aggregation) {
    case 'MAX':
      return readings.reduce((most, { value }) => max(most, value), ZERO);
    case 'UNIQUE':
      return BigInt(new Set(readings.map(({ key }) => key)).size) * ONE;
    case 'LATEST':
      return readings.at(-1)?.value ?? ZERO;
    case 'TIME_WEIGHTED_SUM':
      return readings.reduce((sum, { at, value }, index) => {
        const until = readings[index + 1]?.at ?? periodEnd;
        return sum + timesHours(value, until.getTime() - at.getTime());
      }, ZERO);
  }
}
