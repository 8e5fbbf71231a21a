import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { Db } from '../infra/db.ts';
import { type Clock, MINUTE_MS } from '../kit/clock.ts';
import { fromTypeId, type Id, newId, toTypeId } from '../kit/ids.ts';
import { lockOrganization } from './organization-store.ts';
import { createShortCache } from './short-cache.ts';
import {
  findVerificationKey,
  insertSigningKey,
  newestSigningKey,
  type StoredSigningKey,
} from './signing-key-store.ts';

/** The one algorithm of our tokens: Ed25519. */
export const TOKEN_ALGORITHM = 'EdDSA';

export interface SigningKey {
  /** What a token names its key by: `sign_01h455vb4pex5vsknk084sn02q`. */
  readonly kid: string;
  readonly key: CryptoKey;
}

export interface VerificationKey {
  readonly id: Id<'signingKey'>;
  readonly organizationId: Id<'organization'>;
  readonly mode: 'LIVE' | 'TEST';
  readonly key: CryptoKey;
}

export interface SigningKeys {
  /**
   * The organization's newest key, read each time: a key that was removed would sign tokens that let nobody in.
   * The first one is made when it is first asked for.
   */
  signing(organizationId: Id<'organization'>): Promise<SigningKey>;
  /**
   * The key that a token names, whichever organization's it is; null when there is none. It may have been
   * removed within the last minute: whoever verifies asks `tokenStands` too.
   */
  verification(kid: string): Promise<VerificationKey | null>;
}

export function createSigningKeys({ db, clock }: { db: Db; clock: Clock }): SigningKeys {
  // A key pair never changes; whether it is still there is asked for each token.
  const verification = createShortCache<VerificationKey | null>({
    clock,
    ttlMs: MINUTE_MS,
    maxEntries: 1_000,
    keep: (key) => key !== null,
  });

  async function loadVerification(id: Id<'signingKey'>): Promise<VerificationKey | null> {
    const stored = await findVerificationKey(db.direct, id);
    if (!stored) return null;
    const { organizationId, mode, publicJwk } = stored;
    return { id, organizationId, mode, key: await imported(publicJwk) };
  }

  return {
    async signing(organizationId) {
      const stored =
        (await newestSigningKey(db.direct, organizationId)) ??
        (await makeFirst(db, clock, organizationId));
      return { kid: toTypeId('signingKey', stored.id), key: await imported(stored.privateJwk) };
    },
    async verification(kid) {
      const id = fromTypeId('signingKey', kid);
      return id && verification.get(id, () => loadVerification(id));
    },
  };
}

/**
 * Processes that need the first key at once agree on one: the others wait for the lock and read it.
 */
async function makeFirst(
  db: Db,
  clock: Clock,
  organizationId: Id<'organization'>,
): Promise<StoredSigningKey> {
  const pair = await generateKeyPair(TOKEN_ALGORITHM, { crv: 'Ed25519', extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const privateJwk = await exportJWK(pair.privateKey);
  return db.transaction(async (tx) => {
    await lockOrganization(tx, organizationId);
    const first = await newestSigningKey(tx, organizationId);
    if (first) return first;
    const made = { id: newId('signingKey'), privateJwk };
    await insertSigningKey(tx, { ...made, organizationId, publicJwk, createdAt: clock.now() });
    return made;
  });
}

async function imported(jwk: object): Promise<CryptoKey> {
  return (await importJWK(jwk, TOKEN_ALGORITHM)) as CryptoKey;
}
