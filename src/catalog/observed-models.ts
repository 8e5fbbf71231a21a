import { type Invalid, invalid } from '../kit/refusal.ts';
import { type Aggregation, isObserved } from '../rating/aggregation.ts';
import type { RateTerms } from '../rating/rate-terms.ts';
import { isRunning } from '../rating/running-cost.ts';

/** What a metric counts of a period cannot be priced event by event. */
export function modelFault(
  path: string,
  aggregation: Aggregation,
  terms: RateTerms,
): Invalid | null {
  if (!isObserved(aggregation) || isRunning(terms)) return null;
  return invalid({
    path,
    code: 'NOT_ALLOWED',
    message: `A metric of the aggregation ${aggregation} is priced PER_UNIT, GRADUATED or VOLUME.`,
  });
}
