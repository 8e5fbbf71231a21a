import { type Viewer, visibleCustomers } from '../access/viewer.ts';
import type { Db, Queryable, Statement } from '../infra/db.ts';
import { isStorable } from '../kit/check.ts';
import type { Id } from '../kit/ids.ts';

export interface CustomerRow {
  readonly id: Id<'customer'>;
  readonly organizationId: Id<'organization'>;
  readonly externalId: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly metadata: Record<string, unknown>;
  /** Whose time it goes by; null is the server's. */
  readonly testClockId: Id<'testClock'> | null;
  /** By its own time. */
  readonly at: Date;
}

const INSERT: Statement = {
  name: 'customers.insert',
  // A concurrent insert of the same external id is waited for, and then counts as the first.
  text: `INSERT INTO customers
      (id, organization_id, external_id, name, email, metadata, test_clock_id, created_at, updated_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::jsonb, $7::uuid, $8::timestamptz, $8::timestamptz)
    ON CONFLICT (organization_id, external_id) DO NOTHING RETURNING id`,
};

/** False when the organization has a customer of that external id. */
export async function insertCustomer(tx: Queryable, row: CustomerRow): Promise<boolean> {
  const { id, organizationId, externalId, name, email, metadata, testClockId, at } = row;
  const names = [id, organizationId, externalId, name, email];
  const values = [...names, JSON.stringify(metadata), testClockId, at];
  return (await tx.query(INSERT, values)).length === 1;
}

/** Undefined keeps what is stored. */
export interface CustomerChanges {
  readonly name?: string | null;
  readonly email?: string | null;
  readonly metadata?: Record<string, unknown>;
}

const CHANGE: Statement = {
  name: 'customers.change',
  // When it was changed is by the customer's time, as everything about it.
  text: `UPDATE customers SET
      name = CASE WHEN $3 THEN $4 ELSE name END,
      email = CASE WHEN $5 THEN $6 ELSE email END,
      metadata = coalesce($7::jsonb, metadata),
      updated_at = coalesce((SELECT t.now FROM test_clocks t WHERE t.id = test_clock_id), $8::timestamptz)
    WHERE organization_id = $1::uuid AND id = $2::uuid`,
};

export async function changeCustomer(
  tx: Queryable,
  viewer: Viewer,
  id: Id<'customer'>,
  changes: CustomerChanges,
  at: Date,
): Promise<void> {
  const { name, email, metadata } = changes;
  await tx.query(CHANGE, [
    viewer.organizationId,
    id,
    name !== undefined,
    name ?? null,
    email !== undefined,
    email ?? null,
    metadata === undefined ? null : JSON.stringify(metadata),
    at,
  ]);
}

const FIND_MANY: Statement = {
  name: 'customers.find_many',
  // Two index scans; one with OR would be neither.
  text: `SELECT id, external_id AS "externalId", test_clock_id AS "testClockId" FROM customers
      WHERE organization_id = $1::uuid AND external_id = ANY($2::text[])
    UNION ALL
    SELECT id, NULL AS "externalId", test_clock_id AS "testClockId" FROM customers
      WHERE organization_id = $1::uuid AND id = ANY($3::uuid[])`,
};

/** What never changes about a customer, so that it may be remembered for ever. */
export interface KnownCustomer {
  readonly id: Id<'customer'>;
  /** The test clock that it goes by; null is the server's time. */
  readonly testClockId: Id<'testClock'> | null;
}

export interface FoundCustomer extends KnownCustomer {
  /** The external id it was found by; null when it was found by its id. */
  readonly externalId: string | null;
}

/** Those of the organization that have one of these external ids or ids. */
export function findCustomers(
  db: Queryable,
  organizationId: string,
  externalIds: readonly string[],
  ids: readonly string[],
): Promise<FoundCustomer[]> {
  return db.query<FoundCustomer>(FIND_MANY, [organizationId, externalIds, ids]);
}

export function readCustomer(db: Db, viewer: Viewer, id: string, query: object) {
  const where = { AND: [visibleCustomers(viewer), { id }] };
  return db.prisma.customer.findFirst({ ...query, where });
}

/** The newest first; `search` is the beginning of an external id, a name or an e-mail address. */
export function readCustomers(db: Db, viewer: Viewer, search: string | null, query: object) {
  const where = { ...visibleCustomers(viewer), ...(search === null ? {} : beginsWith(search)) };
  return db.prisma.customer.findMany({ orderBy: { id: 'desc' }, ...query, where });
}

function beginsWith(search: string) {
  if (!isStorable(search)) return { AND: [{ id: { in: [] } }] };
  // `%`, `_` and `\` would be patterns: Prisma hands them to LIKE as they are.
  const startsWith = search.replace(/[\\%_]/g, '\\$&');
  const anyCase = { startsWith, mode: 'insensitive' as const };
  return { OR: [{ externalId: { startsWith } }, { name: anyCase }, { email: anyCase }] };
}
