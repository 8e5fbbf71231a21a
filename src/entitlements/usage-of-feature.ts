import type { Id } from '../kit/ids.ts';
import type { Period } from '../metering/period.ts';
import type { Running } from '../rating/running-cost.ts';
import type { Span } from './span.ts';
import { countOf, type Standing } from './standing.ts';

/** A part of what is used of a feature that is counted by itself. */
export interface CountedPart {
  readonly span: Span;
  /** Null: of the whole customer. */
  readonly subject: string | null;
}

/** How the part is called in the counters of its feature. */
export function sliceOf({ span, subject }: CountedPart): string {
  return subject === null ? span : `${span}/${subject}`;
}

/** What was used of a feature in a span so far, and what it cost. Counters are kept under the id of the feature. */
export function usedOf(
  standing: Pick<Standing, 'counts'>,
  featureId: Id<'feature'>,
  part: CountedPart,
  { start }: Period,
): Running {
  return countOf(standing, featureId, sliceOf(part), start);
}
