import type { Db, Queryable, Statement, Tx } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';
import type { ApiKeyKind } from './api-key.ts';
import { type AnyKeyId, inOrganization, type Viewer } from './viewer.ts';

/** What is needed to let a key in. */
export interface StoredKey {
  readonly id: Id<'apiKey'>;
  readonly organizationId: Id<'organization'>;
  readonly mode: 'LIVE' | 'TEST';
  readonly kind: ApiKeyKind;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

const FIND_KEY: Statement = {
  name: 'access.find_key',
  text: `SELECT k.id, k.organization_id AS "organizationId", o.mode::text AS mode,
      k.kind::text AS kind, k.scopes, k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt",
      k.last_used_at AS "lastUsedAt"
    FROM api_keys k JOIN organizations o ON o.id = k.organization_id
    WHERE k.secret_hash = $1::bytea`,
};

export async function findKey(db: Queryable, secretHash: Buffer): Promise<StoredKey | null> {
  const [row] = await db.query<StoredKey>(FIND_KEY, [secretHash]);
  return row ?? null;
}

const FIND_LIVE_KEYS: Statement = {
  name: 'access.find_live_keys',
  // An id is in one of the tables only, so all of them may be looked for in both.
  text: `SELECT id FROM api_keys WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > $2::timestamptz)
    UNION ALL SELECT id FROM token_signing_keys WHERE id = ANY($1::uuid[])`,
};

export async function findLiveKeys(
  db: Queryable,
  keyIds: readonly AnyKeyId[],
  at: Date,
): Promise<ReadonlySet<AnyKeyId>> {
  const rows = await db.query<{ id: AnyKeyId }>(FIND_LIVE_KEYS, [keyIds, at]);
  return new Set(rows.map(({ id }) => id));
}

const TOUCH_KEY: Statement = {
  name: 'access.touch_key',
  text: `UPDATE api_keys SET last_used_at = $2::timestamptz
    WHERE id = $1::uuid AND (last_used_at IS NULL OR last_used_at < $2::timestamptz)`,
};

export async function touchKey(db: Queryable, keyId: Id<'apiKey'>, at: Date): Promise<void> {
  await db.query(TOUCH_KEY, [keyId, at]);
}

export interface KeyRow {
  readonly id: Id<'apiKey'>;
  readonly organizationId: Id<'organization'>;
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly hint: string;
  readonly secretHash: Buffer;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
}

/** False when the secret is stored already; only one that an operator chose can be. */
export async function insertKey(tx: Tx, key: KeyRow): Promise<boolean> {
  const { count } = await tx.prisma.apiKey.createMany({
    data: { ...key, scopes: [...key.scopes], secretHash: new Uint8Array(key.secretHash) },
    skipDuplicates: true,
  });
  return count === 1;
}

export function findKeyById(tx: Tx, keyId: Id<'apiKey'>, within: { organizationId?: string }) {
  return tx.prisma.apiKey.findFirst({ where: { ...within, id: keyId } });
}

/** Whether the key was revoked now; one that was revoked before keeps its time. */
export async function markRevoked(tx: Tx, keyId: Id<'apiKey'>, at: Date): Promise<boolean> {
  const where = { id: keyId, revokedAt: null };
  const { count } = await tx.prisma.apiKey.updateMany({ where, data: { revokedAt: at } });
  return count === 1;
}

/** False when the key was revoked or rolled meanwhile. */
export async function markExpiring(tx: Tx, keyId: Id<'apiKey'>, at: Date): Promise<boolean> {
  const where = { id: keyId, revokedAt: null, expiresAt: null };
  const { count } = await tx.prisma.apiKey.updateMany({ where, data: { expiresAt: at } });
  return count === 1;
}

export function readKeys(db: Db, viewer: Viewer, query: object) {
  const orderBy = { id: 'desc' as const };
  return db.prisma.apiKey.findMany({ orderBy, ...query, where: inOrganization(viewer) });
}

export function readKey(db: Db, viewer: Viewer, keyId: string, query: object) {
  return db.prisma.apiKey.findFirst({ ...query, where: { ...inOrganization(viewer), id: keyId } });
}

/** Every organization's keys, for the operator's command line. */
export function readAllKeys(db: Db, organizationName: string | null) {
  return db.prisma.apiKey.findMany({
    where: organizationName === null ? {} : { organization: { name: organizationName } },
    include: { organization: { select: { name: true, mode: true } } },
    orderBy: { id: 'asc' },
  });
}
