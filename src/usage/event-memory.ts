import { createRecentMarks } from '../kit/recent-marks.ts';
import type { Candidate, RecordedEvent } from './event.ts';

/**
 * Remembers which events were recorded lately, so that the database is asked only about those that may be
 * duplicates. It may forget: the unique key of the events then ends the transaction, and it is run again.
 */
export interface EventMemory {
  /** Those that may be recorded already. */
  suspects(candidates: readonly Candidate[]): readonly Candidate[];
  /** Remembers an event that is known to be recorded. */
  keep(event: RecordedEvent): void;
}

/** The last `events` are remembered, and at most twice as many. */
export function createEventMemory(events: number): EventMemory {
  const recorded = createRecentMarks(events);
  return {
    suspects: (candidates) =>
      candidates.filter(({ event }) => recorded.has(event.customerId, event.eventId)),
    keep: ({ customerId, eventId }) => recorded.mark(customerId, eventId),
  };
}
