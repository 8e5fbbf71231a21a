import type { Exact } from '../kit/decimal.ts';
import { deltaOnTop } from '../metering/observe.ts';
import type { Period } from '../metering/period.ts';
import { type Aggregation, isObserved } from '../rating/aggregation.ts';
import type { RatedCharge } from '../rating/rate.ts';

/** What usage that has not happened yet would say of a metric. */
export interface Said extends Pick<RatedCharge, 'quantity' | 'key'> {
  /** Of the metric; null where it is no usage of one. */
  readonly aggregation: Aggregation | null;
}

/** By how much it would move a counter that has counted so much in a period: what recording it would count. */
export function countedOnTop(
  { aggregation, quantity, key }: Said,
  at: Date,
  before: Exact,
  period: Period,
): Exact {
  if (aggregation === null || !isObserved(aggregation)) return quantity;
  return deltaOnTop(before, period, { aggregation, at, value: quantity, key });
}
