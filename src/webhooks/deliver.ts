import type { Db } from '../infra/db.ts';
import { JOBS_AT_ONCE, type JobContext } from '../infra/jobs.ts';
import { SECOND_MS } from '../kit/clock.ts';
import { newId } from '../kit/ids.ts';
import type { LoggedEvent } from '../live/event.ts';
import { CursorExpired, readEvents } from '../live/event-log.ts';
import type { Attempt, MakeAttempt } from './attempt.ts';
import { type Endpoint, isReplay, type Track, trackOf, wants } from './endpoint.ts';
import { findEndpoint } from './find-endpoint.ts';
import type { Message, MessageOf } from './message.ts';
import { type PassForgottenDeps, passForgotten } from './pass-forgotten.ts';
import { type RecordFailureDeps, recordFailure } from './record-failure.ts';
import { createSlowLane, type SlowLane } from './slow-lane.ts';
import { QUEUE_ENDPOINT, TAKE_UP } from './sql/add-jobs.ts';
import {
  type DeliveryRow,
  deliveryValues,
  MOVE_ON,
  RECORD_SUCCESS,
} from './sql/record-delivery.ts';

export interface DeliverDeps extends RecordFailureDeps, PassForgottenDeps {
  readonly messageOf: MessageOf;
  readonly makeAttempt: MakeAttempt;
}

/** Delivers to an endpoint what is next for it, and so on until it has everything or it is another's turn. */
export type Deliver = (endpointId: string, context: JobContext) => Promise<void>;

/** Then others that wait for a worker get theirs. */
const TURN_MS = 20 * SECOND_MS;
/** Of the places of a process, those that endpoints which are slow to answer share. */
const SLOW_PLACES = JOBS_AT_ONCE / 2;
/** Transactions of the log that are read at once. */
const PAGE_RUNS = 100;

export function createDeliver(deps: DeliverDeps): Deliver {
  const { db, clock } = deps;
  const slowLane = createSlowLane(SLOW_PLACES);

  async function comeBack(endpointId: string, afterMs: number): Promise<void> {
    await db.direct.query(QUEUE_ENDPOINT, [endpointId, Math.max(afterMs, 0)]);
  }

  return async (endpointId, { isStopping, aborted }) => {
    await db.direct.query(TAKE_UP, [endpointId]);
    const turnEnds = performance.now() + TURN_MS;
    const readAfter = createReader(db);
    for (;;) {
      const endpoint = await findEndpoint(db.direct, endpointId);
      if (!endpoint || endpoint.disabledAt) return;
      const waitMs = (endpoint.retryAt?.getTime() ?? 0) - clock.now().getTime();
      if (waitMs > 0) return comeBack(endpointId, waitMs);
      if (isStopping()) return comeBack(endpointId, 0);
      const isTurnOver = performance.now() > turnEnds;
      const leave = isTurnOver ? null : slowLane.enter(endpointId);
      if (!leave) {
        return comeBack(endpointId, slowLane.isSlow(endpointId) ? slowLane.comeBackMs() : 0);
      }
      const step = deliverNext({ ...deps, slowLane }, endpoint, readAfter, aborted);
      if (!(await step.finally(leave))) return;
    }
  };
}

type ReadAfter = (organizationId: string, after: number) => Promise<LoggedEvent[]>;

/** Reads the log by the page: places follow each other without a gap, so what was read says what is next. */
function createReader(db: Db): ReadAfter {
  let page: LoggedEvent[] = [];
  return async (organizationId, after) => {
    const passed = after + 1 - (page[0]?.position ?? 0);
    if (page[passed]?.position !== after + 1) {
      page = await readEvents(db.direct, { organizationId, customerId: null }, after, PAGE_RUNS);
      return page;
    }
    return page.slice(passed);
  };
}

/** One step: one event, or everything up to the next that the endpoint wants. False when nothing is left. */
async function deliverNext(
  deps: DeliverDeps & { readonly slowLane: SlowLane },
  endpoint: Endpoint,
  readAfter: ReadAfter,
  aborted: AbortSignal,
): Promise<boolean> {
  const track = trackOf(endpoint);
  const events = await readAfter(endpoint.organizationId, track.after).catch(emptyWhenForgotten);
  const [first] = events;
  if (!first) return passForgotten(deps, endpoint, track);
  const next = events.find((event) => event.position <= track.until && wants(endpoint, event));
  if (!next) {
    const last = Math.min(events.at(-1)?.position ?? track.after, track.until);
    await deps.db.direct.query(MOVE_ON, [endpoint.id, isReplay(track), track.after, last]);
    return true;
  }
  const message = await deps.messageOf(next);
  const attempt = await deps.makeAttempt(endpoint, message, { aborted });
  deps.slowLane.note(endpoint.id, attempt.latencyMs);
  const row = deliveryRow(endpoint, track, next, message, attempt);
  if (attempt.status === 'FAILED') {
    await recordFailure(deps, endpoint, track, row, attempt);
    return false;
  }
  const values = [...deliveryValues(row), isReplay(track), track.after, next.position];
  await deps.db.direct.query(RECORD_SUCCESS, values);
  return true;
}

function emptyWhenForgotten(error: unknown): LoggedEvent[] {
  if (error instanceof CursorExpired) return [];
  throw error;
}

function deliveryRow(
  endpoint: Endpoint,
  { kind }: Track,
  { position }: LoggedEvent,
  message: Message,
  { retryAfterMs: _, ...attempt }: Attempt,
): DeliveryRow {
  return {
    ...attempt,
    id: newId('webhookDelivery'),
    organizationId: endpoint.organizationId,
    endpointId: endpoint.id,
    kind,
    eventId: message.id,
    eventType: message.type,
    position,
    attempt: endpoint.failedAttempts + 1,
  };
}
