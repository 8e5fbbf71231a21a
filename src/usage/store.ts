import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';

/** Which events to list; every condition that is given must hold. */
export interface EventFilter {
  readonly customerId: Id<'customer'> | null;
  readonly type: string | null;
  readonly subject: string | null;
  readonly eventId: string | null;
  readonly occurredFrom: Date | null;
  readonly occurredBefore: Date | null;
}

export function listEvents(db: Db, viewer: Viewer, filter: EventFilter, query: object) {
  return db.prisma.usageEvent.findMany({
    ...query,
    where: {
      ...ofVisibleCustomers(viewer),
      AND: {
        ...(filter.customerId && { customerId: filter.customerId }),
        ...(filter.type && { type: filter.type }),
        ...(filter.subject && { subject: filter.subject }),
        ...(filter.eventId && { eventId: filter.eventId }),
        occurredAt: {
          ...(filter.occurredFrom && { gte: filter.occurredFrom }),
          ...(filter.occurredBefore && { lt: filter.occurredBefore }),
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
