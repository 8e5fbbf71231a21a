import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Db, Queryable, Statement, Tx } from '../infra/db.ts';

const LOCK_CLOCKS: Statement = {
  name: 'clocks.lock_all',
  text: `SELECT 1 AS locked FROM (
    SELECT pg_advisory_xact_lock(hashtext('drawdown.test_clocks'), hashtext($1::text))) AS lock`,
};

/** One new clock of an organization after the other, so that their number is what it seems. */
export async function lockClocks(tx: Queryable, { organizationId }: Viewer): Promise<void> {
  await tx.query(LOCK_CLOCKS, [organizationId]);
}

export function countClocks(tx: Tx, viewer: Viewer) {
  return tx.prisma.testClock.count({ where: { ...inOrganization(viewer), deletedAt: null } });
}

export async function insertClock(
  tx: Tx,
  viewer: Viewer,
  clock: { id: string; name: string; now: Date; createdAt: Date },
): Promise<void> {
  await tx.prisma.testClock.create({ data: { ...clock, ...inOrganization(viewer) } });
}

/** Also one that was deleted: its customers still go by it. */
export function findClock(db: Db, viewer: Viewer, id: string, query: object) {
  return db.prisma.testClock.findFirst({ ...query, where: { ...inOrganization(viewer), id } });
}

/** The newest first, without the deleted ones. */
export function listClocks(db: Db, viewer: Viewer, query: object) {
  const where = { ...inOrganization(viewer), deletedAt: null };
  return db.prisma.testClock.findMany({ orderBy: { id: 'desc' }, ...query, where });
}
