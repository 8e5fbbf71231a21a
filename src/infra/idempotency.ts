import { canonicalJson, isDeeperThan, sha256Hex } from '../kit/canonical.ts';
import { createChecker } from '../kit/check.ts';
import { type Clock, DAY_MS, fromEpochMs } from '../kit/clock.ts';
import {
  type IdempotencyMismatch,
  type Invalid,
  idempotencyMismatch,
  isRefusal,
  type Refusal,
} from '../kit/refusal.ts';
import type { Queryable, Statement } from './db.ts';

/** How long the outcome of a mutation with an idempotency key is remembered. */
const IDEMPOTENCY_TTL_MS = DAY_MS;

export interface KeyedCall {
  readonly organizationId: string;
  readonly operation: string;
  /** The whole input; its `idempotencyKey`, when it has one, names the call. */
  readonly input: { readonly idempotencyKey?: string | null | undefined };
}

const CLAIM: Statement = {
  name: 'idempotency.claim',
  // A key of yesterday counts as unused. A concurrent call with the same key waits here for the first.
  text: `INSERT INTO idempotency_keys (organization_id, key, operation, request, result, created_at)
    VALUES ($1::uuid, $2, $3, $4::jsonb, 'null', $5::timestamptz)
    ON CONFLICT (organization_id, key) DO UPDATE
      SET operation = excluded.operation, request = excluded.request, created_at = excluded.created_at
      WHERE idempotency_keys.created_at < $6::timestamptz
    RETURNING key`,
};

const RECALL: Statement = {
  name: 'idempotency.recall',
  text: `SELECT operation, request, result FROM idempotency_keys
    WHERE organization_id = $1::uuid AND key = $2`,
};

const KEEP: Statement = {
  name: 'idempotency.keep',
  text: `UPDATE idempotency_keys SET result = $3::jsonb WHERE organization_id = $1::uuid AND key = $2`,
};

/**
 * Runs `work` at most once per idempotency key, inside the caller's transaction. A repeat with the same
 * content gets the first outcome; with other content a refusal that names the field. `work` answers with
 * ids (it must survive JSON). A refusal is not remembered: its transaction rolls back.
 */
export async function once<Outcome extends object>(
  tx: Queryable,
  clock: Clock,
  call: KeyedCall,
  work: () => Promise<Outcome>,
): Promise<Outcome | IdempotencyMismatch | Invalid> {
  const { idempotencyKey: key, ...content } = call.input;
  if (key == null) return work();
  const check = createChecker();
  check.text('idempotencyKey', key, 255);
  for (const [field, value] of Object.entries(content)) {
    if (isDeeperThan(MAX_LEVELS, value))
      check.note(field, 'TOO_LARGE', `At most ${MAX_LEVELS} levels deep.`);
  }
  const fault = check.fault();
  if (fault) return fault;

  const now = clock.now();
  const request = fieldHashes(content);
  const claimed = await tx.query(CLAIM, [
    call.organizationId,
    key,
    call.operation,
    JSON.stringify(request),
    now,
    fromEpochMs(now.getTime() - IDEMPOTENCY_TTL_MS),
  ]);
  if (claimed.length === 0) return recall<Outcome>(tx, call, key, request);
  const outcome = await work();
  if (!isRefusal(outcome as Outcome | Refusal)) {
    await tx.query(KEEP, [call.organizationId, key, JSON.stringify(outcome)]);
  }
  return outcome;
}

async function recall<Outcome>(
  tx: Queryable,
  call: KeyedCall,
  key: string,
  request: Record<string, string>,
): Promise<Outcome | IdempotencyMismatch> {
  const [first] = await tx.query<{
    operation: string;
    request: Record<string, string>;
    result: Outcome;
  }>(RECALL, [call.organizationId, key]);
  if (!first) throw new Error('An idempotency key vanished within its transaction.');
  if (first.operation !== call.operation) return idempotencyMismatch(key, 'operation');
  const fields = [...new Set([...Object.keys(request), ...Object.keys(first.request)])];
  const differing = fields.find((field) => request[field] !== first.request[field]);
  return differing ? idempotencyMismatch(key, differing) : first.result;
}

/** Of the input of a call that is remembered, whatever of it the operation itself looks at. */
const MAX_LEVELS = 100;

/**
 * One short hash per field: enough to name what differs, nothing that could leak what it was. Null is not the
 * same as a field that was left out: in a change, it clears what the other keeps.
 */
export function fieldHashes(content: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(content)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [field, sha256Hex(canonicalJson(value)).slice(0, 32)]),
  );
}

const FORGET: Statement = {
  name: 'idempotency.forget',
  text: 'DELETE FROM idempotency_keys WHERE created_at < $1::timestamptz',
};

/** Removes the keys that count as unused. */
export async function forgetOldKeys(db: Queryable, clock: Clock): Promise<void> {
  await db.query(FORGET, [fromEpochMs(clock.now().getTime() - IDEMPOTENCY_TTL_MS)]);
}
