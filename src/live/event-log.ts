import type { Queryable } from '../infra/db.ts';
import type { Fact, LoggedEvent } from './event.ts';
import {
  type ExtentRow,
  READ_EVENTS_OF_CUSTOMER,
  READ_EVENTS_OF_ORGANIZATION,
  READ_EXTENT_OF_CUSTOMER,
  READ_EXTENT_OF_ORGANIZATION,
  READ_LAST_OF_CUSTOMER,
  READ_LAST_OF_ORGANIZATION,
  type RunRow,
} from './sql/read-events.ts';
import { READ_EVENTS_AT } from './sql/read-events-at.ts';

/** Whose log is read: all of an organization, in the order of positions, or a customer's, of sequences. */
export interface LogScope {
  readonly organizationId: string;
  readonly customerId: string | null;
}

/** Places are positions or sequences, as the scope is. */
export interface Extent {
  /** Of the last event that was forgotten; 0 when none was. */
  readonly forgotten: number;
  /** Of the newest event; 0 when there is none. */
  readonly last: number;
}

/** A place in a log that events were forgotten after, or that it has never reached. */
export class CursorExpired extends Error {
  override readonly name = 'CursorExpired';
}

/** Where an event stands in the log of this scope. */
export function placeOf(scope: LogScope, event: LoggedEvent): number {
  return scope.customerId === null ? event.position : (event.sequence ?? 0);
}

export async function readExtent(db: Queryable, scope: LogScope): Promise<Extent> {
  const { organizationId, customerId } = scope;
  const [row] =
    customerId === null
      ? await db.query<ExtentRow>(READ_EXTENT_OF_ORGANIZATION, [organizationId])
      : await db.query<ExtentRow>(READ_EXTENT_OF_CUSTOMER, [customerId]);
  return { forgotten: Number(row?.forgotten ?? 0), last: Number(row?.last ?? 0) };
}

/** Throws CursorExpired for a place that events were forgotten after, or that the log does not reach. */
export function checkPlace(place: number, { forgotten, last }: Extent): void {
  if (place < forgotten) {
    throw new CursorExpired(
      'Events after this cursor were forgotten. Read the state anew, and go on from now.',
    );
  }
  if (place > last) {
    throw new CursorExpired(
      'The log does not reach this cursor. Read the state anew, and go on from now.',
    );
  }
}

/**
 * The events after a place, oldest first: those of at most `maxRuns` transactions. Throws CursorExpired
 * when they are not those right behind the place: forgotten, or lost by a failover.
 */
export async function readEvents(
  db: Queryable,
  scope: LogScope,
  after: number,
  maxRuns: number,
): Promise<LoggedEvent[]> {
  const rows = await readRuns(db, scope, after, maxRuns);
  const events = rows.flatMap(eventsOf).filter((event) => placeOf(scope, event) > after);
  const [first] = events;
  if (!first || placeOf(scope, first) !== after + 1) {
    checkPlace(after, await readExtent(db, scope));
  }
  return events;
}

/** Events after a place, oldest first, or, `inverted`, those before one, newest first; never both. */
export interface LogPage {
  readonly after: number | null;
  readonly before: number | null;
  readonly limit: number;
  readonly inverted: boolean;
}

/**
 * A page of what is kept of a log. Whoever names what he has had is promised what follows it: throws
 * CursorExpired as `readEvents` does, whose answer is of one statement. Backwards a page goes as far as the log
 * is kept. A run has one event at least: one more than wanted are enough.
 */
export async function readPage(
  db: Queryable,
  scope: LogScope,
  { after, before, limit, inverted }: LogPage,
): Promise<LoggedEvent[]> {
  if (after !== null) return (await readEvents(db, scope, after, limit)).slice(0, limit);
  const { forgotten } = await readExtent(db, scope);
  if (!inverted) {
    const rows = await readRuns(db, scope, forgotten, limit);
    return rows.flatMap(eventsOf).slice(0, limit);
  }
  const { organizationId, customerId } = scope;
  const to = before ?? Number.MAX_SAFE_INTEGER;
  const rows = await db.query<RunRow>(
    customerId === null ? READ_LAST_OF_ORGANIZATION : READ_LAST_OF_CUSTOMER,
    [customerId ?? organizationId, to, limit + 1],
  );
  const isWithin = (place: number) => place > forgotten && place < to;
  const events = rows.flatMap(eventsOf).filter((event) => isWithin(placeOf(scope, event)));
  return events.reverse().slice(0, limit);
}

/** The events at places of an organization's log, by their position, without those that were forgotten. */
export async function eventsAt(
  db: Queryable,
  organizationId: string,
  positions: readonly number[],
): Promise<Map<number, LoggedEvent>> {
  const rows = await db.query<RunRow>(READ_EVENTS_AT, [organizationId, positions]);
  return new Map(rows.flatMap(eventsOf).map((event) => [event.position, event]));
}

/** The event at a place of an organization's log; null when it was forgotten. */
export async function eventAt(
  db: Queryable,
  organizationId: string,
  position: number,
): Promise<LoggedEvent | null> {
  return (await eventsAt(db, organizationId, [position])).get(position) ?? null;
}

function readRuns(db: Queryable, scope: LogScope, after: number, limit: number) {
  const { organizationId, customerId } = scope;
  return customerId === null
    ? db.query<RunRow>(READ_EVENTS_OF_ORGANIZATION, [organizationId, after, limit])
    : db.query<RunRow>(READ_EVENTS_OF_CUSTOMER, [customerId, after, limit]);
}

/** The events of a run; the numbers of the row are those of the last. */
function eventsOf(row: RunRow): LoggedEvent[] {
  const firstPosition = Number(row.position) - row.event_count + 1;
  const firstSequence = row.sequence === null ? null : Number(row.sequence) - row.event_count + 1;
  return row.events.map((fact, index) => ({
    organizationId: row.organization_id,
    customerId: row.customer_id,
    fact: fact as Fact,
    position: firstPosition + index,
    sequence: firstSequence === null ? null : firstSequence + index,
    at: row.created_at,
  }));
}
