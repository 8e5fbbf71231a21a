import type { Db, Queryable, Statement } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';
import type { Viewer } from './viewer.ts';

export interface StoredOrganization {
  readonly id: Id<'organization'>;
  readonly name: string;
  readonly mode: 'LIVE' | 'TEST';
}

export interface OrganizationRow extends StoredOrganization {
  readonly createdAt: Date;
}

const INSERT: Statement = {
  name: 'access.insert_organization',
  text: `INSERT INTO organizations (id, name, mode, created_at)
    VALUES ($1::uuid, $2, $3::mode, $4::timestamptz)`,
};

export async function insertOrganization(tx: Queryable, row: OrganizationRow): Promise<void> {
  await tx.query(INSERT, [row.id, row.name, row.mode, row.createdAt]);
}

const FIND_BY_NAME: Statement = {
  name: 'access.find_organization',
  text: `SELECT id, name, mode::text AS mode FROM organizations WHERE name = $1`,
};

export async function findOrganization(
  tx: Queryable,
  name: string,
): Promise<StoredOrganization | null> {
  const [row] = await tx.query<StoredOrganization>(FIND_BY_NAME, [name]);
  return row ?? null;
}

const FIND_FIRST: Statement = {
  name: 'access.first_organization',
  text: `SELECT id, name, mode::text AS mode FROM organizations
    ORDER BY (mode = 'TEST') DESC, created_at, id LIMIT 1`,
};

/** The oldest TEST organization; the oldest LIVE one when there is no other. */
export async function firstOrganization(tx: Queryable): Promise<StoredOrganization | null> {
  const [row] = await tx.query<StoredOrganization>(FIND_FIRST, []);
  return row ?? null;
}

const LOCK_NAMES: Statement = {
  name: 'access.lock_organization_names',
  // Any number that nothing else locks. The function answers nothing, and nothing is no column.
  text: `SELECT 1 AS locked FROM (SELECT pg_advisory_xact_lock(7230195112)) AS lock`,
};

/**
 * Whoever makes or renames an organization waits here for the others: two processes that start at
 * once make one first organization, and a name that was free when it was looked up still is.
 */
export async function lockOrganizationNames(tx: Queryable): Promise<void> {
  await tx.query(LOCK_NAMES, []);
}

const LOCK: Statement = {
  name: 'access.lock_organization',
  // Weaker than FOR UPDATE: inserts that refer to the organization do not wait.
  text: `SELECT id FROM organizations WHERE id = $1::uuid FOR NO KEY UPDATE`,
};

export async function lockOrganization(tx: Queryable, id: Id<'organization'>): Promise<void> {
  await tx.query(LOCK, [id]);
}

/** Null keeps what is stored. */
export interface OrganizationChanges {
  readonly name: string | null;
  readonly settlementWindowSeconds: number | null;
}

const CHANGE: Statement = {
  name: 'access.change_organization',
  text: `UPDATE organizations SET name = coalesce($2::text, name),
      settlement_window_seconds = coalesce($3::int, settlement_window_seconds)
    WHERE id = $1::uuid
      AND NOT EXISTS (SELECT 1 FROM organizations o WHERE o.name = $2::text AND o.id <> $1::uuid)
    RETURNING id`,
};

/** False when the name is another organization's. */
export async function changeOrganization(
  tx: Queryable,
  id: Id<'organization'>,
  changes: OrganizationChanges,
): Promise<boolean> {
  const values = [id, changes.name, changes.settlementWindowSeconds];
  return (await tx.query(CHANGE, values)).length === 1;
}

/** The viewer's own organization: no other can be read. */
export function readOrganization(db: Db, viewer: Viewer, query: object) {
  return db.prisma.organization.findUnique({ ...query, where: { id: viewer.organizationId } });
}
