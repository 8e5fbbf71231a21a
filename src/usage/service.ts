import type { Viewer } from '../access/viewer.ts';
import type { Id } from '../kit/ids.ts';
import { type Invalid, invalid, isRefusal } from '../kit/refusal.ts';
import type { LoggedEvent } from '../live/event.ts';
import { type CorrectUsageInput, correctUsage } from './correct/correct-usage.ts';
import { listCounters } from './counter-store.ts';
import type { Outcome, UsageEventInput } from './event.ts';
import { createGroupCommit, RETRY_AFTER_MS } from './group-commit.ts';
import { createHoldRefs } from './holds/hold-refs.ts';
import { createHolds } from './holds/service.ts';
import { createRecorder, MAX_EVENTS, type UsageDeps } from './record.ts';
import { createReadRecorded } from './recorded.ts';
import { type EventFilter, findEvent, listEvents } from './store.ts';
import { type UsageFilter, unfold } from './unfold.ts';

export type Usage = ReturnType<typeof createUsage>;

export interface BatchOutcome {
  readonly outcomes: Outcome[];
  readonly recorded: number;
  readonly duplicates: number;
  readonly refused: number;
}

/** Room 1: something was consumed. */
export function createUsage(deps: UsageDeps) {
  const together = createGroupCommit(deps);
  const refs = createHoldRefs(deps.db.direct);
  const recorder = createRecorder(deps, together, refs);
  const holds = createHolds(deps, together, refs);
  const readRecorded = createReadRecorded(deps.db);

  async function record(viewer: Viewer, input: UsageEventInput): Promise<Outcome> {
    const [outcome] = await recorder.record(viewer, [input], () => '');
    return outcome as Outcome;
  }

  async function recordBatch(
    viewer: Viewer,
    events: readonly UsageEventInput[],
  ): Promise<BatchOutcome | Invalid> {
    if (events.length === 0 || events.length > MAX_EVENTS) return wrongSize(events.length);
    const outcomes = await recorder.record(viewer, events, (index) => `events.${index}.`);
    const refused = outcomes.filter(isRefusal).length;
    const duplicates = outcomes.filter((it) => !isRefusal(it) && it.duplicate).length;
    return { outcomes, recorded: outcomes.length - refused - duplicates, duplicates, refused };
  }

  return {
    record,
    correct: (viewer: Viewer, input: CorrectUsageInput) => correctUsage(deps, viewer, input),
    recordBatch,
    holds,
    listEvents: (viewer: Viewer, filter: EventFilter, query: object) =>
      listEvents(deps.db, viewer, filter, query),
    listCounters: (viewer: Viewer, customerId: Id<'customer'>, metricId: string, at: Date) =>
      listCounters(deps.db, viewer, customerId, metricId, at),
    findEvent: (viewer: Viewer, id: string, query?: object) =>
      findEvent(deps.db, viewer, id, query),
    unfold: (viewer: Viewer, events: AsyncIterator<LoggedEvent, undefined>, filter: UsageFilter) =>
      unfold(readRecorded, deps.db.waitOut, viewer, events, filter),
    /** What waits to be committed. */
    queue: {
      isFull: together.isFull,
      retryAfterMs: RETRY_AFTER_MS,
      giveUp: together.giveUp,
    },
    /** Resolves when everything that was taken has been committed. */
    idle: together.idle,
  };
}

function wrongSize(count: number) {
  return invalid({
    path: 'events',
    code: count === 0 ? 'TOO_FEW' : 'TOO_MANY',
    message: `Send 1 to ${MAX_EVENTS} events; these are ${count}.`,
  });
}
