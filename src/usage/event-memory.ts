import { createCaution } from '../kit/caution.ts';
import { createRecentMarks } from '../kit/recent-marks.ts';
import type { Candidate, RecordedEvent } from './event.ts';

/**
 * Remembers which events were recorded lately, so that the database is asked only about those that may be
 * duplicates. It may forget: the unique key of the events then ends the transaction, and it is run again.
 */
export interface EventMemory {
  /** Those that may be recorded already; all of them after one was found by the unique key. */
  suspects(candidates: readonly Candidate[]): readonly Candidate[];
  /** Remembers an event that has been committed. */
  keep(event: RecordedEvent): void;
  /** What was remembered turned out not to be enough: the next batches ask about every event. */
  distrust(): void;
}

/** The last `events` are remembered, and at most twice as many. */
export function createEventMemory(events: number, cautiousBatches: number): EventMemory {
  const recorded = createRecentMarks(events);
  const caution = createCaution(cautiousBatches);
  return {
    suspects: (candidates) =>
      caution.isDue()
        ? candidates
        : candidates.filter(({ event }) => recorded.has(event.customerId, event.eventId)),
    keep: ({ customerId, eventId }) => recorded.mark(customerId, eventId),
    distrust: caution.raise,
  };
}
