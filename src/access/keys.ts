import type { Db, Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { createChecker } from '../kit/check.ts';
import { type Clock, DAY_MS, fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import { fromTypeId, type Id, newId } from '../kit/ids.ts';
import {
  type Conflict,
  conflict,
  type IdempotencyMismatch,
  type Invalid,
  isRefusal,
  type NotFound,
  notFound,
} from '../kit/refusal.ts';
import { generateSecret, hashSecret, hintOf } from './api-key.ts';
import { findKeyById, insertKey, markExpiring, markRevoked } from './key-store.ts';
import { checkedReach, excessOf, type Reach, type ReachInput, tooMuch } from './reach.ts';
import { inOrganization, type Viewer } from './viewer.ts';

/** How long the key that was rolled keeps working, unless the caller says otherwise. */
export const OVERLAP_DEFAULT_SECONDS = DAY_MS / SECOND_MS;
export const OVERLAP_MAX_SECONDS = (7 * DAY_MS) / SECOND_MS;

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

export interface CreateApiKeyInput extends Keyed, ReachInput {}

export interface RevokeApiKeyInput extends Keyed {
  readonly id: string;
}

export interface RollApiKeyInput extends Keyed {
  readonly id: string;
  readonly overlapSeconds?: number | null | undefined;
}

/**
 * The secret is there once: a repeat with the same idempotency key finds the key, but not its
 * secret.
 */
export interface ApiKeyMade {
  readonly apiKeyId: Id<'apiKey'>;
  readonly secret: string | null;
}

export interface ApiKeyRolled extends ApiKeyMade {
  /** The one that was replaced; it works until its `expiresAt`. */
  readonly previousId: Id<'apiKey'>;
}

export interface Keys {
  createApiKey(
    viewer: Viewer,
    input: CreateApiKeyInput,
  ): Promise<ApiKeyMade | Invalid | IdempotencyMismatch>;
  /** Revoking twice is revoking once. */
  revokeApiKey(
    viewer: Viewer,
    input: RevokeApiKeyInput,
  ): Promise<{ readonly apiKeyId: Id<'apiKey'> } | Invalid | NotFound | IdempotencyMismatch>;
  rollApiKey(
    viewer: Viewer,
    input: RollApiKeyInput,
  ): Promise<ApiKeyRolled | Invalid | NotFound | Conflict | IdempotencyMismatch>;
}

export interface KeysDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Makes this process forget the keys it knows, after one of them stopped working. */
  readonly forgetKeys: () => void;
}

export function createKeys({ db, clock, forgetKeys }: KeysDeps): Keys {
  /** Keeps the secret out of what idempotency remembers: the database must never hold it. */
  async function make<Outcome extends object>(
    viewer: Viewer,
    operation: string,
    input: Keyed,
    work: (
      tx: Tx,
      issue: (reach: Reach, name: string) => Promise<Id<'apiKey'>>,
    ) => Promise<Outcome>,
  ) {
    let secret: string | null = null;
    const { organizationId, mode } = viewer;
    const outcome = await db.transaction((tx) =>
      once(tx, clock, { organizationId, operation, input }, () =>
        work(tx, async (reach, name) => {
          secret = generateSecret(reach.kind, mode);
          return storeKey(tx, clock, { organizationId, name, ...reach }, secret);
        }),
      ),
    );
    return { outcome, secret: secret as string | null };
  }

  return {
    async createApiKey(viewer, input) {
      const reach = checkedReach(input);
      if (isRefusal(reach)) return reach;
      const { outcome, secret } = await make(viewer, 'createApiKey', input, async (tx, issue) => {
        const excess = excessOf(await reachOf(tx, viewer), reach);
        return excess ? tooMuch('scopes', excess) : { apiKeyId: await issue(reach, input.name) };
      });
      return isRefusal(outcome) ? outcome : { ...outcome, secret };
    },

    async revokeApiKey(viewer, input) {
      const { organizationId } = viewer;
      const outcome = await db.transaction((tx) =>
        once(tx, clock, { organizationId, operation: 'revokeApiKey', input }, async () => {
          const key = await changeableKey(tx, viewer, input.id);
          if (isRefusal(key)) return key;
          await markRevoked(tx, key.id, clock.now());
          return { apiKeyId: key.id };
        }),
      );
      forgetKeys();
      return outcome;
    },

    async rollApiKey(viewer, input) {
      const check = createChecker();
      const overlapSeconds = input.overlapSeconds ?? OVERLAP_DEFAULT_SECONDS;
      check.integer('overlapSeconds', overlapSeconds, 0, OVERLAP_MAX_SECONDS);
      const fault = check.fault();
      if (fault) return fault;
      const { outcome, secret } = await make(viewer, 'rollApiKey', input, async (tx, issue) => {
        const key = await changeableKey(tx, viewer, input.id);
        if (isRefusal(key)) return key;
        const until = fromEpochMs(clock.now().getTime() + overlapSeconds * SECOND_MS);
        if (!(await markExpiring(tx, key.id, until))) {
          return conflict('id', 'The key is revoked or was rolled before; roll its successor.');
        }
        return { apiKeyId: await issue(key, key.name), previousId: key.id };
      });
      forgetKeys();
      return isRefusal(outcome) ? outcome : { ...outcome, secret };
    },
  };
}

/** Stores a new key by its hash. */
export async function storeKey(
  tx: Tx,
  clock: Clock,
  key: Reach & { readonly organizationId: Id<'organization'>; readonly name: string },
  secret: string,
): Promise<Id<'apiKey'>> {
  const id = newId('apiKey');
  const { organizationId, name, kind, scopes } = key;
  const made = { hint: hintOf(secret), secretHash: hashSecret(secret), createdAt: clock.now() };
  const stored = await insertKey(tx, { id, organizationId, name, kind, scopes, ...made });
  if (!stored) throw new Error('A generated secret was stored before.');
  return id;
}

/**
 * What the key that asks may do, as stored: another process may have revoked it within the second
 * that this one believes what it read, and a stolen key shall not make its own successor in that
 * second.
 */
async function reachOf(tx: Tx, viewer: Viewer): Promise<Reach> {
  const key = viewer.keyId && (await findKeyById(tx, viewer.keyId, inOrganization(viewer)));
  return key && key.revokedAt === null ? key : { kind: 'RESTRICTED', scopes: [] };
}

/**
 * A key of the organization that the caller may revoke or roll: one that can do no more than
 * itself.
 */
async function changeableKey(tx: Tx, viewer: Viewer, given: string) {
  const id = fromTypeId('apiKey', given);
  const key = id && (await findKeyById(tx, id, inOrganization(viewer)));
  if (!id || !key) return notFound('id', 'ApiKey', given.slice(0, 255));
  const excess = excessOf(await reachOf(tx, viewer), key);
  return excess ? tooMuch('id', excess) : { ...key, id };
}
