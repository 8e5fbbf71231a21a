import type { Db, Queryable } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { type WalletKey, type WalletKeyRow, walletKeys } from '../ledger/lock.ts';
import type { Announce } from '../live/publish.ts';
import { watchSomeGrants } from './expiring.ts';
import { reconsider } from './reconsider.ts';
import {
  CLAIM_SWEEP,
  END_SWEEP,
  KEYS_OF_CUSTOMERS,
  MOVE_SWEEP,
  NEXT_CUSTOMERS,
  READ_ALERT_VERSION,
  type SweepRow,
} from './sql/sweep.ts';

export interface AlertDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly announce: Announce;
}

/** Customers in one transaction: enough to be quick, few enough not to hold wallets for long. */
const CHUNK = 200;

/**
 * Looks at the next wallets of an organization whose rules for all customers have changed. A charge that
 * comes first has done so itself, but for its grants: they are looked at in the end, when whoever granted without
 * knowing of the rules has let go of the wallet. Any number of processes may run it; true when more may be
 * left. `of` null is whichever organization comes first.
 */
export async function sweep(deps: AlertDeps, of: string | null): Promise<boolean> {
  const { db, clock, announce } = deps;
  const swept = await db.backgroundTransaction((tx) => sweepChunk(tx, clock, of));
  if (!swept) return false;
  announce(swept.updates);
  if (swept.isOver) await watchSomeGrants(deps, swept.organizationId);
  // Another one may wait behind this one.
  return true;
}

async function sweepChunk(tx: Queryable, clock: Clock, of: string | null) {
  const [claimed] = await tx.query<SweepRow>(CLAIM_SWEEP, [of]);
  if (!claimed) return null;
  const { organization_id: organizationId, after_customer_id: after } = claimed;
  const [customers, [organization]] = await Promise.all([
    tx.query<{ id: string }>(NEXT_CUSTOMERS, [organizationId, after, CHUNK]),
    tx.query<{ version: number }>(READ_ALERT_VERSION, [organizationId]),
  ]);
  const keys = await keysOf(
    tx,
    customers.map(({ id }) => id),
  );
  const isBehind = (wallet: { alertVersion: number }) =>
    wallet.alertVersion !== organization?.version;
  const updates = await reconsider(tx, clock, keys, { isWanted: isBehind });
  const isOver = customers.length < CHUNK;
  if (isOver) await tx.query(END_SWEEP, [organizationId]);
  else await tx.query(MOVE_SWEEP, [organizationId, customers.at(-1)?.id]);
  return { updates, organizationId, isOver };
}

/** The wallets that these customers have. */
export async function keysOf(tx: Queryable, customerIds: readonly string[]): Promise<WalletKey[]> {
  if (customerIds.length === 0) return [];
  return walletKeys(await tx.query<WalletKeyRow>(KEYS_OF_CUSTOMERS, [customerIds]));
}
