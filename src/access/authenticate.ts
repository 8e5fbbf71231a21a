import type { Db } from '../infra/db.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '../kit/clock.ts';
import { CREDENTIAL_MAX_LENGTH, hashSecret, isKeyText, isPlausibleKey } from './api-key.ts';
import type { CustomerTokens, TokenFault } from './customer-tokens.ts';
import { findKey, type StoredKey, touchKey } from './key-store.ts';
import { isScope, SCOPES } from './scopes.ts';
import { createShortCache } from './short-cache.ts';
import type { Authenticate, Unauthenticated, Viewer } from './viewer.ts';

/** How long this process may believe what it read about a credential. */
const BELIEF_MS = SECOND_MS;
/** While the database is away, and with it nearly everything that a credential opens. */
const BELIEF_IN_OUTAGE_MS = 10 * MINUTE_MS;

/** `lastUsedAt` is for people: it is written at most this often for one key. */
const TOUCH_EVERY_MS = MINUTE_MS;

/** An unknown key and a revoked one answer alike: nobody learns which keys there were. */
export const AUTHENTICATION_MESSAGES = {
  MISSING: 'Send "Authorization: Bearer <key or customer token>".',
  SCHEME: 'The Authorization value must be "Bearer <key or customer token>".',
  MALFORMED: 'This is neither an API key nor a customer token; was it copied whole?',
  UNKNOWN_KEY: 'This API key does not exist or was revoked.',
  EXPIRED_KEY: 'This API key has expired; use the one that replaced it.',
  UNKNOWN_TOKEN: 'This customer token is not valid.',
  EXPIRED_TOKEN: 'This customer token has expired; ask for a new one.',
} as const;

export interface Authenticator {
  readonly authenticate: Authenticate;
  /** After a key stopped working: the next request asks the database. */
  forgetKeys(): void;
  /** After the tokens of an organization stopped working, likewise. */
  forgetTokens(): void;
  /** Resolves once the times of use noted so far are written. */
  settled(): Promise<void>;
}

export interface AuthenticatorDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly tokens: CustomerTokens;
  /** Let through the checksum, in case it has a generated key's shape by chance; null for none. */
  readonly bootstrapKey: string | null;
  /** Told when a time of use could not be written; the request went on. */
  readonly onFault: (error: unknown) => void;
}

interface KnownKey {
  readonly stored: StoredKey;
  readonly viewer: Viewer;
  usedAtMs: number;
}

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const { db, clock, tokens } = deps;
  const caching = {
    clock,
    ttlMs: BELIEF_MS,
    inOutageMs: BELIEF_IN_OUTAGE_MS,
    maxEntries: 10_000,
  };
  const keys = createShortCache<KnownKey | null>({ ...caching, keep: (key) => key !== null });
  const holders = createShortCache<Viewer | TokenFault>({
    ...caching,
    keep: (verdict) => typeof verdict !== 'string',
  });
  const bootstrapHash = deps.bootstrapKey === null ? null : hashSecret(deps.bootstrapKey);
  const touches = new Set<Promise<void>>();

  async function byKey(secret: string): Promise<Viewer | Unauthenticated> {
    const hash = hashSecret(secret);
    if (!isPlausibleKey(secret) && !bootstrapHash?.equals(hash)) return refused('MALFORMED');
    const key = await keys.get(hash.toString('base64'), async () => {
      const stored = await findKey(db.direct, hash);
      return stored && known(stored);
    });
    if (!key || key.stored.revokedAt) return refused('UNKNOWN_KEY');
    const now = clock.now();
    if (hasEnded(key.stored.expiresAt, now)) return refused('EXPIRED_KEY');
    noteUse(key, now);
    return key.viewer;
  }

  /** Not awaited: the request does not wait for it, and two processes may both write. */
  function noteUse(key: KnownKey, now: Date): void {
    if (now.getTime() - key.usedAtMs < TOUCH_EVERY_MS) return;
    key.usedAtMs = now.getTime();
    const touch = touchKey(db.direct, key.stored.id, now)
      .catch(deps.onFault)
      .finally(() => touches.delete(touch));
    touches.add(touch);
  }

  async function byToken(token: string): Promise<Viewer | Unauthenticated> {
    const cacheKey = hashSecret(token).toString('base64');
    const viewer = await holders.get(cacheKey, () => tokens.verify(token));
    if (viewer === 'NOT_VALID') return refused('UNKNOWN_TOKEN');
    if (viewer === 'EXPIRED') return refused('EXPIRED_TOKEN');
    return hasEnded(viewer.expiresAt, clock.now()) ? refused('EXPIRED_TOKEN') : viewer;
  }

  return {
    async authenticate(authorization) {
      const given = authorization?.trim() ?? '';
      if (given === '') return refused('MISSING');
      const credential = /^Bearer +(.+)$/i.exec(given)?.[1];
      if (credential === undefined) return refused('SCHEME');
      if (credential.length > CREDENTIAL_MAX_LENGTH) return refused('MALFORMED');
      if (isKeyText(credential)) return byKey(credential);
      return isTokenText(credential) ? byToken(credential) : refused('MALFORMED');
    },
    forgetKeys: () => keys.clear(),
    forgetTokens: () => holders.clear(),
    settled: async () => {
      await Promise.all(touches);
    },
  };
}

function refused(reason: keyof typeof AUTHENTICATION_MESSAGES): Unauthenticated {
  return { refusal: 'Unauthenticated', message: AUTHENTICATION_MESSAGES[reason] };
}

function hasEnded(expiresAt: Date | null, now: Date): boolean {
  return expiresAt !== null && expiresAt.getTime() <= now.getTime();
}

/** Three parts of base64url, as every signed token has. */
function isTokenText(credential: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(credential);
}

function known(stored: StoredKey): KnownKey {
  const scopes = stored.kind === 'SECRET' ? SCOPES : stored.scopes.filter(isScope);
  return {
    stored,
    usedAtMs: stored.lastUsedAt?.getTime() ?? Number.NEGATIVE_INFINITY,
    viewer: {
      organizationId: stored.organizationId,
      mode: stored.mode,
      kind: 'KEY',
      keyId: stored.id,
      signingKeyId: null,
      customerId: null,
      scopes: new Set(scopes),
      expiresAt: stored.expiresAt,
    },
  };
}
