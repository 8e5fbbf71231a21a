import { setTimeout as pause } from 'node:timers/promises';
import type { PriceBooks } from '../catalog/price-books.ts';
import type { CatalogueSnapshot } from '../catalog/snapshot.ts';
import type { Db } from '../infra/db.ts';
import { GivenUp, isOutage } from '../infra/outage.ts';
import { type Caution, createCaution } from '../kit/caution.ts';
import type { Clock } from '../kit/clock.ts';
import type { Id } from '../kit/ids.ts';
import type { BurnOrder } from '../ledger/burn-down.ts';
import { createWalletMemory } from '../ledger/wallet-memory.ts';
import type { Watch } from '../ledger/watch.ts';
import type { Announce, ChangedCustomer, PublishChanges } from '../live/publish.ts';
import { createCounterMemory } from '../metering/counter-memory.ts';
import { NO_TERMS } from '../subscriptions/terms.ts';
import type { TermsBook } from '../subscriptions/terms-book.ts';
import { createBatcher } from './batcher.ts';
import { rate } from './candidate.ts';
import { type Committed, commitBatch, type Memory, PricesChanged } from './commit.ts';
import { createEventMemory } from './event-memory.ts';
import { isItemFault, isMemoryFault, mayBeRunAgain } from './faults.ts';
import { createHoldMemory } from './holds/hold-memory.ts';
import type { HoldOperation } from './holds/operation.ts';
import { rateHoldAgain } from './holds/rate-again.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { customerOf, type Operation, organizationOf, sizeOf } from './operation.ts';
import { type AnyOutcome, toOutcomes } from './outcome.ts';
import type { Overloaded } from './refusals.ts';

export interface GroupCommitDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly priceBooks: PriceBooks;
  readonly terms: TermsBook;
  readonly announce: Announce;
  /** For customers of whom something was counted that cost nothing. */
  readonly publishChanges: PublishChanges;
  /** Evaluates the alert rules of wallets that a batch takes below a threshold. */
  readonly watch: Watch;
  /** Batches that make sure at once, after one that went by memory had to be run again. @default 50 */
  readonly cautiousBatches?: number | undefined;
}

/**
 * Events in one commit. More make an event cheaper by little, and every change that they decide, and whatever
 * waits for the process meanwhile, later: a thousand double how long a change takes to be seen under load.
 */
const MAX_BATCH = 400;
/** Batches under way at a time. Each has a connection; more would only make them smaller. */
export const LANES = 2;
/** Events that may wait for a commit, in all lanes: nearly a second's worth on two cores. */
const MAX_WAITING = 10_000;
/** How long whoever was turned away had better stay away. */
export const RETRY_AFTER_MS = 1_000;
/** Events that are known to be recorded lately: two bytes each, twice. */
const REMEMBERED_EVENTS = 500_000;
/** Idempotency keys of holds that are known to be used lately, likewise. */
const REMEMBERED_HOLD_KEYS = 50_000;
/**
 * Batches that make sure at once, after one had to be run again: whatever was the cause, another process, a
 * repetition of old events or customers without money, it is likely to go on, and running twice costs more.
 */
const CAUTIOUS_BATCHES = 50;
/** Customers whose wallets are kept in memory between batches: about a kilobyte each. */
const REMEMBERED_CUSTOMERS = 10_000;
/** Counters of what was used in a period that are kept between batches: a quarter of a kilobyte each. */
const REMEMBERED_COUNTERS = 20_000;
const MAX_ATTEMPTS = 6;
/** The pause before another attempt, times the number of those before. */
const PAUSE_MS = 20;

export interface GroupCommit extends Omit<Lanes<Operation, AnyOutcome>, 'giveUp'> {
  /** Answers everybody who waits by a `GivenUp`, also who comes later, and begins nothing more. */
  giveUp(): void;
}

/** Commits the operations of all requests together, in the lanes of their customers. */
export function createGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const { cautiousBatches = CAUTIOUS_BATCHES } = deps;
  const over = new AbortController();
  const memory = {
    wallets: createWalletMemory(REMEMBERED_CUSTOMERS),
    events: createEventMemory(REMEMBERED_EVENTS),
    holds: createHoldMemory(REMEMBERED_HOLD_KEYS),
    counters: createCounterMemory(REMEMBERED_COUNTERS),
  };
  const caution = createCaution(cautiousBatches);
  const openBatcher = () =>
    createBatcher<Operation, AnyOutcome>({
      commit: (operations) => commit(deps, memory, caution, operations, over.signal),
      sizeOf,
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING / LANES,
      isItemFault,
    });
  const lanes = createLanes({
    batchers: Array.from({ length: LANES }, openBatcher),
    keyOf: customerOf,
    turnedAway: overloaded,
  });
  return {
    ...lanes,
    giveUp() {
      const reason = new GivenUp('The process stops and waits for no charge any more.');
      over.abort(reason);
      lanes.giveUp(reason);
    },
  };
}

function overloaded(): Overloaded {
  return { refusal: 'Overloaded', retryAfterMs: RETRY_AFTER_MS };
}

/**
 * Commits operations together. What has been lost by a race or with a connection is run again: what
 * another process did, or this one without hearing of it, is then seen. When nothing helps the callers are
 * told to come back, or that the database is away.
 */
async function commit(
  deps: GroupCommitDeps,
  memory: Memory,
  caution: Caution,
  first: readonly Operation[],
  over: AbortSignal,
): Promise<AnyOutcome[]> {
  let operations = first;
  let makeSure = caution.isDue();
  // It may have taken all attempts but the last, which then meets what the first has committed.
  let outage: unknown = null;
  for (let attempt = 1; ; attempt += 1) {
    over.throwIfAborted();
    try {
      const burnOrders = await burnOrdersOf(deps, operations);
      const committed = await deps.db.hotTransaction((tx) =>
        commitBatch(tx, operations, burnOrders, memory, makeSure, deps),
      );
      const counted = countedAlone(committed);
      remember(memory, committed);
      deps.announce(committed.updates);
      if (counted.length > 0) deps.publishChanges(counted);
      return toOutcomes(committed);
    } catch (error) {
      const isStale = error instanceof PricesChanged;
      if (!isStale && !mayBeRunAgain(error)) throw error;
      if (isOutage(error)) outage = error;
      if (attempt === MAX_ATTEMPTS) {
        if (outage) throw outage;
        return operations.map(overloaded);
      }
      if (isStale) operations = await rateAgain(deps, operations, error);
      else if (!isMemoryFault(error)) await pause(attempt * PAUSE_MS);
      else {
        makeSure = true;
        caution.raise();
      }
    }
  }
}

/** Whose counters a batch has moved without moving a wallet: its update does not tell of them. */
function countedAlone({ counters, updates }: Committed): ChangedCustomer[] {
  if (counters.length === 0) return [];
  const told = new Set(updates.map(({ customerId }) => customerId));
  const alone = counters.filter(({ isChanged, key }) => isChanged && !told.has(key.customerId));
  return alone.map(({ key: { organizationId, customerId } }) => ({ organizationId, customerId }));
}

function remember(memory: Memory, { wallets, counters, operations, decisions }: Committed): void {
  for (const wallet of wallets) memory.wallets.keep(wallet);
  for (const counter of counters) memory.counters.keep(counter);
  for (const [index, decision] of decisions.entries()) {
    if (decision.kind === 'REFUSE') continue;
    if (decision.kind !== 'HOLD') memory.events.keep(decision.event);
    else {
      for (const { event } of decision.recordings) memory.events.keep(event);
      memory.holds.keep(operations[index] as HoldOperation);
    }
  }
}

async function rateAgain(
  deps: GroupCommitDeps,
  operations: readonly Operation[],
  { versions, customerIds }: PricesChanged,
): Promise<Operation[]> {
  const loaded = [...versions].map(([id, version]) => deps.priceBooks.atVersion(id, version));
  await Promise.all(loaded);
  deps.terms.forget(customerIds);
  const terms = await deps.terms.of(operations.map((it) => ({ id: customerOf(it) })));
  return Promise.all(
    operations.map(async (operation, index) => {
      const catalogue = await deps.priceBooks.snapshot(organizationOf(operation));
      const rules = { catalogue, terms: terms[index] ?? NO_TERMS };
      return operation.kind === 'USAGE'
        ? rate(operation.event, rules, operation.path)
        : rateHoldAgain(operation, rules);
    }),
  );
}

/** How each asset wants its grants drawn; the catalogue is in memory, so this waits for nothing. */
async function burnOrdersOf(deps: GroupCommitDeps, operations: readonly Operation[]) {
  const catalogues = new Map<string, CatalogueSnapshot>();
  for (const operation of operations) {
    const organizationId = organizationOf(operation);
    if (catalogues.has(organizationId)) continue;
    catalogues.set(organizationId, await deps.priceBooks.snapshot(organizationId));
  }
  return (organizationId: string, assetId: string): BurnOrder =>
    catalogues.get(organizationId)?.assets.get(assetId as Id<'asset'>)?.burnOrder ?? 'PRIORITY';
}
