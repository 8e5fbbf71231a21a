import { setTimeout as pause } from 'node:timers/promises';
import type { Viewer } from '../access/viewer.ts';
import type { PriceBooks } from '../catalog/price-books.ts';
import type { CatalogueSnapshot } from '../catalog/snapshot.ts';
import type { CustomerRef } from '../customers/customer-ref.ts';
import type { Db } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type Invalid, invalid, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import type { BurnOrder } from '../ledger/burn-down.ts';
import { createWalletMemory, type WalletMemory } from '../ledger/wallet-memory.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { rateEvent } from '../rating/rate.ts';
import { createBatcher } from './batcher.ts';
import { CatalogueChanged, commitBatch } from './commit.ts';
import type { Candidate, Outcome, RecordedEvent, UsageEventInput } from './event.ts';
import { isItemFault, isPassing } from './faults.ts';
import { createLanes } from './lanes.ts';
import { toOutcomes } from './outcome.ts';
import { outsideWindow, readEvent } from './read-event.ts';
import type { Overloaded } from './refusals.ts';

export interface UsageDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly priceBooks: PriceBooks;
  readonly customers: {
    /** The ids of customers, in order; null for one that is not the organization's. */
    resolveMany(
      organizationId: Id<'organization'>,
      refs: readonly CustomerRef[],
    ): Promise<(Id<'customer'> | null)[]>;
  };
  /** Tells subscribers; called after commit, never waits and never throws. */
  readonly publish: (updates: readonly BalanceUpdate[]) => void;
}

/** Events in one commit: past this, a batch gets slower per event rather than faster. */
const MAX_BATCH = 1_000;
/** Batches under way at a time. Each has a connection; more would only make them smaller. */
const LANES = 3;
/** Events that may wait for a commit: about a second's worth on two cores. */
const MAX_WAITING = 20_000;
const RETRY_AFTER_MS = 1_000;
/** Wallets that are kept in memory between batches, with their grants: about a kilobyte each. */
const MAX_REMEMBERED_WALLETS = 20_000;
const MAX_ATTEMPTS = 6;
/** The pause before another attempt, times the number of those before. */
const PAUSE_MS = 20;

/** How many events `recordUsageBatch` takes. */
export const MAX_EVENTS = 1_000;

export interface Recorder {
  record(viewer: Viewer, inputs: readonly UsageEventInput[], paths: Paths): Promise<Outcome[]>;
  /** Resolves when everything that was taken has been committed. */
  idle(): Promise<void>;
}

/** Where an event stands in the input, as a prefix of the paths of its issues. */
export type Paths = (index: number) => string;

/** The walk of a charge: gather, rate, and commit together with whatever else is waiting. */
export function createRecorder(deps: UsageDeps): Recorder {
  const memory = createWalletMemory(MAX_REMEMBERED_WALLETS);
  const openBatcher = () =>
    createBatcher<Candidate, Outcome>({
      commit: (candidates) => commit(deps, memory, candidates),
      maxBatch: MAX_BATCH,
      maxWaiting: MAX_WAITING / LANES,
      isItemFault,
    });
  const lanes = createLanes<Candidate, Outcome>({
    batchers: Array.from({ length: LANES }, openBatcher),
    keyOf: ({ event }) => event.customerId,
    turnedAway: overloaded,
  });

  async function record(
    viewer: Viewer,
    inputs: readonly UsageEventInput[],
    paths: Paths,
  ): Promise<Outcome[]> {
    const { organizationId } = viewer;
    const [customerIds, catalogue] = await Promise.all([
      deps.customers.resolveMany(
        organizationId,
        inputs.map(({ customer }) => customer),
      ),
      deps.priceBooks.snapshot(organizationId),
    ]);
    const now = deps.clock.now();
    const gathered = inputs.map((input, index) =>
      toCandidate(organizationId, input, customerIds[index] ?? null, paths(index), catalogue, now),
    );
    const candidates = gathered.filter((item): item is Candidate => !isRefusal(item));
    if (candidates.length === 0) return gathered as Outcome[];
    const committed = await lanes.submit(candidates);
    let next = 0;
    return gathered.map((item) => (isRefusal(item) ? item : committed[next++]) as Outcome);
  }

  return { record, idle: lanes.idle };
}

/** Reads and rates one event. What cannot be recorded whatever its price may be is refused here. */
function toCandidate(
  organizationId: Id<'organization'>,
  input: UsageEventInput,
  customerId: Id<'customer'> | null,
  path: string,
  catalogue: CatalogueSnapshot,
  now: Date,
): Candidate | Outcome {
  const read = readEvent(input, path, now);
  if (isRefusal(read)) return read;
  if (!customerId) return unknownCustomer(input.customer, path);
  if (input.holdId != null) return notFound(`${path}holdId`, 'Hold', input.holdId);
  const event: RecordedEvent = {
    id: newId('usageEvent'),
    organizationId,
    customerId,
    eventId: read.eventId,
    type: read.type,
    subject: read.subject,
    occurredAt: read.occurredAt,
    receivedAt: now,
    properties: read.properties,
    propertiesJson: read.propertiesJson,
    contentHash: read.contentHash,
  };
  return rate(event, catalogue, now, path);
}

function rate(
  event: RecordedEvent,
  catalogue: CatalogueSnapshot,
  now: Date,
  path: string,
): Candidate {
  const rated = outsideWindow(event.occurredAt, now) ?? rateEvent(catalogue.book, event);
  const placed = isRefusal(rated) && rated.refusal === 'Invalid' ? below(path, rated) : rated;
  return { event, rated: placed, catalogueVersion: catalogue.book.version, path };
}

function below(path: string, { issues }: Invalid): Invalid {
  return invalid(...issues.map((issue) => ({ ...issue, path: path + issue.path })));
}

function unknownCustomer(ref: CustomerRef, path: string): NotFound {
  const field = ref.id == null ? 'externalId' : 'id';
  return notFound(`${path}customer.${field}`, 'Customer', ref[field] ?? '');
}

function overloaded(): Overloaded {
  return { refusal: 'Overloaded', retryAfterMs: RETRY_AFTER_MS };
}

/**
 * Commits candidates together. What has been lost by a race or with a connection is run again: what
 * another process did, or this one without hearing of it, is then seen. When nothing helps the callers are
 * told to come back.
 */
async function commit(
  deps: UsageDeps,
  memory: WalletMemory,
  first: readonly Candidate[],
): Promise<Outcome[]> {
  let candidates = first;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const burnOrders = await burnOrdersOf(deps, candidates);
      const committed = await deps.db.hotTransaction((tx) =>
        commitBatch(tx, candidates, burnOrders, memory, deps.clock),
      );
      for (const wallet of committed.wallets) memory.keep(wallet);
      deps.publish(committed.updates);
      return toOutcomes(committed);
    } catch (error) {
      const isStale = error instanceof CatalogueChanged;
      if (!isStale && !isPassing(error)) throw error;
      if (attempt === MAX_ATTEMPTS) return candidates.map(overloaded);
      if (isStale) candidates = await rateAgain(deps, candidates, error);
      else await pause(attempt * PAUSE_MS);
    }
  }
}

async function rateAgain(
  deps: UsageDeps,
  candidates: readonly Candidate[],
  { organizationIds }: CatalogueChanged,
): Promise<Candidate[]> {
  for (const id of organizationIds) deps.priceBooks.invalidate(id);
  const now = deps.clock.now();
  return Promise.all(
    candidates.map(async (candidate) => {
      const { organizationId } = candidate.event;
      if (!organizationIds.includes(organizationId)) return candidate;
      const catalogue = await deps.priceBooks.snapshot(organizationId);
      return rate(candidate.event, catalogue, now, candidate.path);
    }),
  );
}

/** How each asset wants its grants drawn; the catalogue is in memory, so this waits for nothing. */
async function burnOrdersOf(deps: UsageDeps, candidates: readonly Candidate[]) {
  const catalogues = new Map<string, CatalogueSnapshot>();
  for (const { event } of candidates) {
    const { organizationId } = event;
    if (catalogues.has(organizationId)) continue;
    catalogues.set(organizationId, await deps.priceBooks.snapshot(organizationId));
  }
  return (organizationId: string, assetId: string): BurnOrder =>
    catalogues.get(organizationId)?.assets.get(assetId as Id<'asset'>)?.burnOrder ?? 'PRIORITY';
}
