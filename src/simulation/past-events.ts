import type { Queryable } from '../infra/db.ts';
import { fromEpochMs } from '../kit/clock.ts';
import { exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { Period } from '../metering/period.ts';
import { MAX_AGE_MS, MAX_AHEAD_MS } from '../rating/accepted-window.ts';
import type { PastEvent, Took } from './past-event.ts';
import {
  COUNT_EVENTS,
  COUNT_EVENTS_OF,
  DECLARE_EVENTS,
  DECLARE_EVENTS_OF,
  FETCH_EVENTS,
  type PastEventRow,
} from './sql/read-past-events.ts';

/** Which events. */
export interface Asked {
  readonly organizationId: Id<'organization'>;
  /** Null is everybody. */
  readonly customerId: Id<'customer'> | null;
  readonly occurred: Period;
}

/** How many there are; no more than `limit` are counted. */
export async function countEvents(tx: Queryable, asked: Asked, limit: number): Promise<number> {
  const { customerId } = asked;
  const [row] = await tx.query<{ events: number }>(
    customerId === null ? COUNT_EVENTS : COUNT_EVENTS_OF,
    [...valuesOf(asked), limit],
  );
  return row?.events ?? 0;
}

/**
 * Customer by customer, in the order in which they were recorded: answers the next page each time, an empty one at the
 * end. Once in a transaction. What is asked of it while a page is rated, the database makes meanwhile.
 */
export async function openPastEvents(
  tx: Queryable,
  asked: Asked,
): Promise<() => Promise<readonly PastEvent[]>> {
  await tx.query(asked.customerId === null ? DECLARE_EVENTS : DECLARE_EVENTS_OF, valuesOf(asked));
  return () => {
    const page = tx.query<PastEventRow>(FETCH_EVENTS, []).then((rows) => rows.map(toEvent));
    // Whoever never comes to wait for it was told by a statement before it.
    page.catch(() => undefined);
    return page;
  };
}

function valuesOf({ organizationId, customerId, occurred: { start, end } }: Asked): unknown[] {
  const received = [
    fromEpochMs(start.getTime() - MAX_AHEAD_MS),
    fromEpochMs(end.getTime() + MAX_AGE_MS),
  ];
  const values = [organizationId, start, end, ...received];
  return customerId === null ? values : [...values, customerId];
}

const NOTHING: readonly Took[] = [];

function toEvent(row: PastEventRow): PastEvent {
  return {
    id: row.id as Id<'usageEvent'>,
    customerId: row.customer_id as Id<'customer'>,
    type: row.type,
    occurredAt: row.occurred_at,
    properties: row.properties,
    isCorrected: row.corrected,
    took: row.took?.map(toTook) ?? NOTHING,
  };
}

function toTook([metricId, assetId, amount]: [string, string, string]): Took {
  return {
    metricId: metricId as Id<'metric'>,
    assetId: assetId as Id<'asset'>,
    amount: exact(amount),
  };
}
