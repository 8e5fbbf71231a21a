import type { Viewer } from '../../access/viewer.ts';
import type { Db, Tx } from '../../infra/db.ts';
import { once } from '../../infra/idempotency.ts';
import { createChecker } from '../../kit/check.ts';
import { type Clock, SECOND_MS } from '../../kit/clock.ts';
import { ZERO } from '../../kit/decimal.ts';
import { fromTypeId, type Id } from '../../kit/ids.ts';
import {
  type IdempotencyMismatch,
  type Invalid,
  isRefusal,
  type NotFound,
  notFound,
} from '../../kit/refusal.ts';
import { DEFAULT_WALLET, lockWallets, walletKeys } from '../../ledger/lock.ts';
import { post } from '../../ledger/post.ts';
import { toldOf } from '../../ledger/tell.ts';
import type { WalletState } from '../../ledger/wallet-state.ts';
import { timeOf } from '../../ledger/wallet-time.ts';
import type { Watch } from '../../ledger/watch.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { Announce, PublishChanges } from '../../live/publish.ts';
import type { Counter } from '../../metering/counter.ts';
import { readCounters, writeCounters } from '../../metering/counters.ts';
import { findEvent } from '../store.ts';
import { type Claim, claimsOf, type StoredEvent } from './claims.ts';
import { claimCorrection, insertParts } from './correction-store.ts';
import { giveBack } from './give-back.ts';
import type { Part } from './part.ts';
import { takeBack } from './take-back.ts';
import { takeBackUse, type Use, usesOf } from './uses.ts';

export interface CorrectUsageInput {
  readonly event: string;
  readonly description?: string | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export interface UsageCorrected {
  readonly usageEventId: Id<'usageEvent'>;
  /** False when it was taken back before. */
  readonly created: boolean;
}

export interface CorrectDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly announce: Announce;
  readonly watch: Watch;
}

interface TakeBackDeps extends CorrectDeps {
  /** For a customer of whom something is counted no longer that had cost nothing. */
  readonly publishChanges: PublishChanges;
}

/**
 * Takes a recorded event back: what it counts for now is counted no longer, and what it costs now is given
 * back. The event stays, and its id is used up. Wallets are locked before counters, as batches do.
 */
export async function correctUsage(
  deps: TakeBackDeps,
  viewer: Viewer,
  input: CorrectUsageInput,
): Promise<UsageCorrected | Invalid | NotFound | IdempotencyMismatch> {
  const check = createChecker();
  const description = check.optionalText('description', input.description, 500);
  const fault = check.fault();
  if (fault) return fault;
  const id = fromTypeId('usageEvent', input.event);
  const event = id && (await findEvent(deps.db, viewer, id));
  if (!event) return notFound('event', 'UsageEvent', input.event);
  let updates: BalanceUpdate[] = [];
  const call = { operation: 'correctUsage', input, organizationId: viewer.organizationId };
  const outcome = await deps.db.transaction((tx) =>
    once<UsageCorrected>(tx, deps.clock, call, async () => {
      const usageEventId = event.id as Id<'usageEvent'>;
      const isFirst = await claimCorrection(tx, event, description, deps.clock.now());
      if (!isFirst) return { usageEventId, created: false };
      updates = await undo(tx, event, deps);
      return { usageEventId, created: true };
    }),
  );
  if (isRefusal(outcome)) return outcome;
  if (updates.length > 0) deps.announce(updates);
  else if (outcome.created) {
    deps.publishChanges([{ organizationId: event.organizationId, customerId: event.customerId }]);
  }
  return outcome;
}

async function undo(
  tx: Tx,
  event: StoredEvent,
  { clock, watch }: CorrectDeps,
): Promise<BalanceUpdate[]> {
  const claims = await claimsOf(tx, event);
  const uses = await usesOf(tx, event);
  const wallets = await lockAll(tx, event, claims);
  const keys = [...claims.flatMap(({ key }) => key ?? []), ...uses.map(({ key }) => key)];
  const counters = await readCounters(tx, keys, true);
  // Behind the locks, so that what is posted to a wallet is posted in the order of its time.
  const committedAt = clock.now();
  const now = wallets[0] ? timeOf(wallets[0], committedAt) : committedAt;
  const grantsBefore = new Set(wallets.flatMap(({ grants }) => grants));
  const parts: Part[] = [];
  for (const [ordinal, claim] of claims.entries()) {
    parts.push(await undoOne(tx, event, { ordinal, claim, wallets, counters }, now));
  }
  await insertParts(tx, event, parts);
  const givenBack = claims.map((claim, at) => ({ claim, amount: parts[at]?.amount ?? ZERO }));
  for (const use of uses) await takeBackUse(tx, use, counterOf(counters, use), event, givenBack);
  const changed = wallets.filter(({ postings }) => postings.length > 0);
  const { written, updates, settled } = post(tx, changed, now);
  await written;
  await writeCounters(tx, counters, now);
  const watched = changed.map((wallet, index) => ({
    wallet,
    settled: settled[index] ?? ZERO,
    isCredit: true,
    isOpened: false,
    grantsToJudge: wallet.grants.filter((grant) => !grantsBefore.has(grant)),
  }));
  if (watched.length > 0) await watch(tx, watched, now);
  await writeOutbox(tx, toldOf(changed, updates), committedAt);
  return updates;
}

function counterOf(counters: readonly Counter[], { key }: Use): Counter {
  const counter = counters.find((it) => it.key.name === key.name);
  if (!counter) throw new Error(`A counter was not read: ${key.name}.`);
  return counter;
}

interface ToUndo {
  readonly ordinal: number;
  readonly claim: Claim;
  readonly wallets: readonly WalletState[];
  readonly counters: readonly Counter[];
}

async function undoOne(
  tx: Tx,
  event: StoredEvent,
  { ordinal, claim, wallets, counters }: ToUndo,
  now: Date,
): Promise<Part> {
  const counter = counters.find(({ key }) => key.name === claim.key?.name) ?? null;
  const { quantity, amount } = await takeBack(tx, claim, counter, event.id);
  const part = { ordinal, key: claim.key, quantity, amount };
  if (amount === ZERO) return { ...part, walletId: null };
  const wallet = wallets.find(({ assetId }) => assetId === claim.price.assetId);
  if (!wallet) throw new Error('What was charged to no wallet cannot be given back.');
  await giveBack(tx, wallet, { event, claim, ordinal, amount }, now);
  return { ...part, walletId: wallet.id };
}

async function lockAll(
  tx: Tx,
  { organizationId, customerId }: StoredEvent,
  claims: readonly Claim[],
): Promise<WalletState[]> {
  const { settlementWindowSeconds } = await tx.prisma.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { settlementWindowSeconds: true },
  });
  const assets = new Map(claims.map(({ price }) => [price.assetId, price.asset]));
  const rows = [...assets.keys()].map((asset_id) => ({
    customer_id: customerId,
    asset_id,
    name: DEFAULT_WALLET,
  }));
  const settlementWindowMs = settlementWindowSeconds * SECOND_MS;
  return lockWallets(tx, walletKeys(rows), ({ assetId }) => ({
    burnOrder: assets.get(assetId)?.burnOrder ?? 'PRIORITY',
    settlementWindowMs,
  }));
}
