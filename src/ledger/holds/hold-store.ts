import { ofVisibleCustomers, type Viewer } from '../../access/viewer.ts';
import type { Db } from '../../infra/db.ts';

/** A hold that the viewer may see, with what the graph selected of it. */
export function findHold(db: Db, viewer: Viewer, id: string, query: object = {}) {
  return db.prisma.hold.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } });
}

/** What a batch has answered about a hold. */
export interface HoldKey {
  readonly holdId: string;
  readonly customerId: string;
}

/** The same by its whole key: Prisma makes one statement of those that are asked for together, as after a batch. */
export function findHoldByKey(db: Db, viewer: Viewer, key: HoldKey, query: object = {}) {
  const { holdId: id, customerId } = key;
  const where = { id_customerId: { id, customerId }, ...ofVisibleCustomers(viewer) };
  return db.prisma.hold.findUnique({ ...query, where });
}

export function loadHolds(db: Db, viewer: Viewer, ids: readonly string[]) {
  return db.prisma.hold.findMany({
    where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
  });
}

/** The holds that events were paid from, in order; null for one that was paid from none. */
export async function loadHoldsOfEvents(db: Db, viewer: Viewer, usageEventIds: readonly string[]) {
  const captures = await db.prisma.holdCapture.findMany({
    where: { ...ofVisibleCustomers(viewer), usageEventId: { in: [...usageEventIds] } },
    include: { hold: true },
  });
  const byEvent = new Map(captures.map(({ usageEventId, hold }) => [usageEventId, hold]));
  return usageEventIds.map((id) => byEvent.get(id) ?? null);
}
