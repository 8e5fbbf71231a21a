import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { isStorable } from '../kit/check.ts';
import { fromEpochMs } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import { MAX_AGE_MS, MAX_AHEAD_MS } from '../rating/accepted-window.ts';

/** Which events to list; every condition that is given must hold. */
export interface EventFilter {
  readonly customerId: Id<'customer'> | null;
  readonly type: string | null;
  readonly subject: string | null;
  readonly eventId: string | null;
  readonly occurredFrom: Date | null;
  readonly occurredBefore: Date | null;
}

export async function listEvents(db: Db, viewer: Viewer, filter: EventFilter, query: object) {
  const { customerId, type, subject, eventId, occurredFrom, occurredBefore } = filter;
  // Text that cannot be stored is in no event.
  if (![type, subject, eventId].every((text) => text === null || isStorable(text))) return [];
  return db.prisma.usageEvent.findMany({
    ...query,
    where: {
      ...ofVisibleCustomers(viewer),
      AND: {
        ...(customerId !== null && { customerId }),
        ...(type !== null && { type }),
        ...(subject !== null && { subject }),
        ...(eventId !== null && { eventId }),
        occurredAt: {
          ...(occurredFrom && { gte: occurredFrom }),
          ...(occurredBefore && { lt: occurredBefore }),
        },
        // What occurred in a time was received near it; this is what the index of the table knows.
        receivedAt: {
          ...(occurredFrom && { gte: fromEpochMs(occurredFrom.getTime() - MAX_AHEAD_MS) }),
          ...(occurredBefore && { lt: fromEpochMs(occurredBefore.getTime() + MAX_AGE_MS) }),
        },
      },
    },
    // Ids are time-ordered: the latest received first.
    orderBy: { id: 'desc' },
  });
}

export function findEvent(db: Db, viewer: Viewer, id: string, query: object = {}) {
  return db.prisma.usageEvent.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } });
}

/** Those of these events that the viewer may see, in the order in which they are named. */
export function loadEvents(db: Db, viewer: Viewer, ids: readonly string[]) {
  return loadWithin(db, ofVisibleCustomers(viewer), ids);
}

/** Those of these events that belong there, in the order in which they are named. */
export async function loadWithin(
  db: Db,
  within: ReturnType<typeof ofVisibleCustomers>,
  ids: readonly string[],
) {
  const rows = await db.prisma.usageEvent.findMany({ where: { ...within, id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
