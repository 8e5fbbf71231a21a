import type { JWK } from 'jose';
import type { Queryable, Statement } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';

export interface StoredSigningKey {
  readonly id: Id<'signingKey'>;
  readonly privateJwk: JWK;
}

export interface StoredVerificationKey {
  readonly organizationId: Id<'organization'>;
  readonly mode: 'LIVE' | 'TEST';
  readonly publicJwk: JWK;
}

export interface SigningKeyRow extends StoredSigningKey {
  readonly organizationId: Id<'organization'>;
  readonly publicJwk: JWK;
  readonly createdAt: Date;
}

const NEWEST: Statement = {
  name: 'access.newest_signing_key',
  text: `SELECT id, private_jwk AS "privateJwk" FROM token_signing_keys
    WHERE organization_id = $1::uuid ORDER BY created_at DESC, id DESC LIMIT 1`,
};

export async function newestSigningKey(
  db: Queryable,
  organizationId: Id<'organization'>,
): Promise<StoredSigningKey | null> {
  const [row] = await db.query<StoredSigningKey>(NEWEST, [organizationId]);
  return row ?? null;
}

const INSERT: Statement = {
  name: 'access.insert_signing_key',
  text: `INSERT INTO token_signing_keys (id, organization_id, public_jwk, private_jwk, created_at)
    VALUES ($1::uuid, $2::uuid, $3::jsonb, $4::jsonb, $5::timestamptz)`,
};

export async function insertSigningKey(tx: Queryable, key: SigningKeyRow): Promise<void> {
  const jwks = [JSON.stringify(key.publicJwk), JSON.stringify(key.privateJwk)];
  await tx.query(INSERT, [key.id, key.organizationId, ...jwks, key.createdAt]);
}

const FIND_PUBLIC: Statement = {
  name: 'access.find_verification_key',
  text: `SELECT s.organization_id AS "organizationId", o.mode::text AS mode,
      s.public_jwk AS "publicJwk"
    FROM token_signing_keys s JOIN organizations o ON o.id = s.organization_id
    WHERE s.id = $1::uuid`,
};

export async function findVerificationKey(
  db: Queryable,
  id: Id<'signingKey'>,
): Promise<StoredVerificationKey | null> {
  const [row] = await db.query<StoredVerificationKey>(FIND_PUBLIC, [id]);
  return row ?? null;
}

const REMOVE_ALL: Statement = {
  name: 'access.remove_signing_keys',
  text: `DELETE FROM token_signing_keys WHERE organization_id = $1::uuid`,
};

/** No token that they signed lets anybody in any more. */
export async function removeSigningKeys(
  tx: Queryable,
  organizationId: Id<'organization'>,
): Promise<void> {
  await tx.query(REMOVE_ALL, [organizationId]);
}

const TOKEN_STANDS: Statement = {
  name: 'access.token_stands',
  text: `SELECT 1 AS found FROM customers c
      JOIN token_signing_keys s ON s.organization_id = c.organization_id
    WHERE c.organization_id = $1::uuid AND c.id = $2::uuid AND s.id = $3::uuid`,
};

/** Whether the organization has the customer, and the key that signed the token, (still). */
export async function tokenStands(
  db: Queryable,
  organizationId: Id<'organization'>,
  customerId: Id<'customer'>,
  signingKeyId: Id<'signingKey'>,
): Promise<boolean> {
  const values = [organizationId, customerId, signingKeyId];
  return (await db.query(TOKEN_STANDS, values)).length === 1;
}
