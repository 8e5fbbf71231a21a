import type { Db } from '../infra/db.ts';
import type { JobContext } from '../infra/jobs.ts';
import type { Log } from '../infra/log.ts';
import { type Clock, fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import { newId, toTypeId } from '../kit/ids.ts';
import type { Fact, LoggedEvent } from '../live/event.ts';
import { CursorExpired, readEvents, readExtent } from '../live/event-log.ts';
import { writeOutbox } from '../live/outbox.ts';
import { type Attempt, GONE, type MakeAttempt } from './attempt.ts';
import { type Endpoint, type Track, trackOf, wants } from './endpoint.ts';
import { findEndpoint } from './find-endpoint.ts';
import type { Message, MessageOf } from './message.ts';
import { nextDelayMs } from './retry.ts';
import { QUEUE_ENDPOINT, TAKE_UP } from './sql/add-jobs.ts';
import {
  type DeliveryRow,
  deliveryValues,
  MOVE_ON,
  RECORD_FAILURE,
  RECORD_LAST_FAILURE,
  RECORD_SUCCESS,
} from './sql/record-delivery.ts';

export interface DeliverDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly messageOf: MessageOf;
  readonly makeAttempt: MakeAttempt;
  readonly random: () => number;
  /** @default three days */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** Called after a commit that has something to tell. */
  readonly wake: () => void;
}

/** Delivers to an endpoint what is next for it, and so on until it has everything or it is another's turn. */
export type Deliver = (endpointId: string, context: JobContext) => Promise<void>;

/** Then others that wait for a worker get theirs. */
const TURN_MS = 20 * SECOND_MS;
/** Transactions of the log that are read at once. */
const PAGE_RUNS = 100;

export function createDeliver(deps: DeliverDeps): Deliver {
  const { db, clock } = deps;

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
      if (isStopping() || performance.now() > turnEnds) return comeBack(endpointId, 0);
      if (!(await deliverNext(deps, endpoint, readAfter, aborted))) return;
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
  deps: DeliverDeps,
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
  const attempt = await deps.makeAttempt(endpoint, message, aborted);
  const row = deliveryRow(endpoint, track, next, message, attempt);
  if (attempt.status === 'FAILED') return recordFailure(deps, endpoint, track, row, attempt);
  const values = [...deliveryValues(row), isReplay(track), track.after, next.position];
  await deps.db.direct.query(RECORD_SUCCESS, values);
  return true;
}

function emptyWhenForgotten(error: unknown): LoggedEvent[] {
  if (error instanceof CursorExpired) return [];
  throw error;
}

/** The events behind its place were forgotten: that is told, and it goes on with what is kept. */
async function passForgotten(
  { db, clock, log, wake }: DeliverDeps,
  endpoint: Endpoint,
  track: Track,
): Promise<boolean> {
  const { organizationId } = endpoint;
  const { forgotten } = await readExtent(db.direct, { organizationId, customerId: null });
  if (forgotten <= track.after) return false;
  const to = Math.min(forgotten, track.until);
  const count = to - track.after;
  const fact: Fact = { type: 'webhook.events_lost', endpointId: endpoint.id, count };
  await db.transaction(async (tx) => {
    const moved = await tx.query(MOVE_ON, [endpoint.id, isReplay(track), track.after, to]);
    if (moved.length === 0) return;
    await writeOutbox(tx, [{ organizationId, customerId: null, fact }], clock.now());
  });
  log.warn(
    { endpoint: toTypeId('webhookEndpoint', endpoint.id), count },
    'Events were forgotten before they were delivered to a webhook endpoint.',
  );
  wake();
  return true;
}

async function recordFailure(
  deps: DeliverDeps,
  endpoint: Endpoint,
  track: Track,
  row: DeliveryRow,
  { responseStatus, retryAfterMs }: Attempt,
): Promise<boolean> {
  const { db, clock, random, retryDelaysMs } = deps;
  const delayMs = nextDelayMs({ attempt: row.attempt, retryAfterMs }, random, retryDelaysMs);
  if (responseStatus === GONE || delayMs === null) {
    await recordLastFailure(deps, endpoint, track, row, responseStatus === GONE);
    return false;
  }
  const retryAt = fromEpochMs(clock.now().getTime() + delayMs);
  const values = [...deliveryValues(row), isReplay(track), track.after, retryAt, delayMs];
  await db.direct.query(RECORD_FAILURE, values);
  return false;
}

/** Disables the endpoint and tells so, in one transaction: nothing is skipped in silence. */
async function recordLastFailure(
  { db, clock, wake }: DeliverDeps,
  { id, organizationId }: Endpoint,
  track: Track,
  row: DeliveryRow,
  isGone: boolean,
): Promise<void> {
  const reason = isGone ? 'GONE' : 'FAILING';
  const fact: Fact = { type: 'webhook.disabled', endpointId: id, reason };
  await db.transaction(async (tx) => {
    const values = [...deliveryValues(row), isReplay(track), track.after, reason];
    const disabled = await tx.query(RECORD_LAST_FAILURE, values);
    if (disabled.length === 0) return;
    await writeOutbox(tx, [{ organizationId, customerId: null, fact }], clock.now());
  });
  wake();
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

function isReplay({ kind }: Track): boolean {
  return kind === 'REPLAY';
}
