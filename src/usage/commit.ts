import type { Queryable } from '../infra/db.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import type { BurnOrder } from '../ledger/burn-down.ts';
import { openGathered, type WalletMemory } from '../ledger/wallet-memory.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { Watch } from '../ledger/watch.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { Counter } from '../metering/counter.ts';
import type { CounterMemory } from '../metering/counter-memory.ts';
import { gatherReadings, openReadings } from '../metering/readings.ts';
import { apply } from './apply.ts';
import { askedOf, counterKeys } from './counted.ts';
import type { Decision } from './decide.ts';
import { decideAll } from './decide-all.ts';
import type { EventMemory } from './event-memory.ts';
import { findRecorded, findStaleTerms, organizationIds, ownersOf, situationOf } from './gather.ts';
import { findHolds } from './holds/find-holds.ts';
import type { HoldMemory } from './holds/hold-memory.ts';
import { countedIn, ratedWith } from './holds/rate-again.ts';
import { candidatesOf, holdOperationsOf, type Operation, organizationOf } from './operation.ts';
import { type OrganizationRow, READ_ORGANIZATIONS } from './sql/read-organizations.ts';

export interface Committed {
  readonly operations: readonly Operation[];
  readonly decisions: Decision[];
  /** As the transaction leaves them. */
  readonly wallets: readonly WalletState[];
  readonly counters: readonly Counter[];
  /** What to tell once the transaction has committed. */
  readonly updates: BalanceUpdate[];
}

/** Prices moved on between rating and committing: rate the events again. */
export class PricesChanged extends Error {
  override readonly name = 'PricesChanged';
  /** Whose catalogue has changed, and which version it is of now. */
  readonly versions: ReadonlyMap<string, number>;
  /** Whose subscriptions have changed. */
  readonly customerIds: readonly string[];

  constructor(versions: ReadonlyMap<string, number>, customerIds: readonly string[]) {
    super('Prices changed since the events were rated.');
    this.versions = versions;
    this.customerIds = customerIds;
  }
}

/** What a process remembers between batches. */
export interface Memory {
  readonly wallets: WalletMemory;
  readonly events: EventMemory;
  readonly holds: HoldMemory;
  readonly counters: CounterMemory;
}

/**
 * Something would be refused by what is remembered. But its wallet may have been filled by somebody else,
 * and a repetition is answered with its first outcome whatever has become of it since: look again.
 */
export class NotSure extends Error {
  override readonly name = 'NotSure';
}

/**
 * One batch, in one transaction of two round trips: gather, decide in memory, apply and commit.
 * One more reads the wallets that somebody else has changed. To make sure, it locks and asks about all.
 */
export async function commitBatch(
  tx: Queryable,
  operations: readonly Operation[],
  burnOrderOf: (organizationId: string, assetId: string) => BurnOrder,
  memory: Memory,
  makeSure: boolean,
  { clock, watch }: { readonly clock: Clock; readonly watch: Watch },
): Promise<Committed> {
  const candidates = candidatesOf(operations);
  const holds = holdOperationsOf(operations);
  const asked = makeSure ? candidates : memory.events.suspects(candidates);
  const askedHolds = makeSure ? holds : memory.holds.suspects(holds);
  // Wallets before counters, as everybody locks them.
  const counting = countedIn(candidates, holds);
  const saying = askedOf(counting);
  const [gathered, counters, readings, recorded, foundHold, organizations, staleTerms] =
    await Promise.all([
      memory.wallets.gather(tx, ownersOf(candidates, holds), makeSure),
      memory.counters.gather(tx, counterKeys(counting), makeSure),
      gatherReadings(tx, saying),
      findRecorded(tx, asked),
      findHolds(tx, askedHolds),
      tx.query<OrganizationRow>(READ_ORGANIZATIONS, [organizationIds(operations)]),
      findStaleTerms(tx, operations),
    ]);
  // Now is after the wallets were read: what is posted to one of them is posted in the order of its time.
  const now = clock.now();
  const rowOf = new Map(organizations.map((row) => [row.id, row]));
  refuseStale(operations, rowOf, staleTerms);
  const wallets = await openGathered(tx, gathered, ({ organizationId, assetId }) => ({
    burnOrder: burnOrderOf(organizationId, assetId),
    settlementWindowMs: settlementWindowOf(rowOf, organizationId) * SECOND_MS,
  }));
  openReadings(counters, saying, readings);
  const situation = situationOf(wallets, counters, recorded, foundHold, now);
  const decisions = decideAll(operations, situation);
  const isSure =
    gathered.locked && asked.length === candidates.length && askedHolds.length === holds.length;
  if (!isSure && decisions.some(isDoubtful)) throw new NotSure();
  const alertVersionOf = ({ organizationId }: WalletState) =>
    rowOf.get(organizationId)?.alert_version ?? 0;
  const decided = { operations, decisions, wallets, counters, alertVersionOf };
  const updates = await apply(tx, decided, watch, now);
  return { operations, decisions, wallets, counters, updates };
}

function refuseStale(
  operations: readonly Operation[],
  rowOf: ReadonlyMap<string, OrganizationRow>,
  staleTerms: readonly { id: string }[],
): void {
  const moved = new Map<string, number>();
  for (const operation of operations) {
    const version = rowOf.get(organizationOf(operation))?.catalogue_version;
    const rated = operation.kind === 'USAGE' ? [operation.catalogueVersion] : ratedWith(operation);
    if (version !== undefined && rated.some((it) => it !== version)) {
      moved.set(organizationOf(operation), version);
    }
  }
  if (moved.size === 0 && staleTerms.length === 0) return;
  const customerIds = staleTerms.map(({ id }) => id);
  throw new PricesChanged(moved, customerIds);
}

function settlementWindowOf(
  rowOf: ReadonlyMap<string, OrganizationRow>,
  organizationId: string,
): number {
  const organization = rowOf.get(organizationId);
  if (!organization) throw new Error(`A wallet belongs to no organization: ${organizationId}.`);
  return organization.settlement_window_seconds;
}

/**
 * A mismatch is never in doubt: the event that it differs from was found. An operation on a hold that changes
 * nothing writes nothing either, so that nobody would notice that the hold is not as it is remembered.
 */
function isDoubtful(decision: Decision): boolean {
  if (decision.kind === 'HOLD') return decision.duplicate;
  return decision.kind === 'REFUSE' && decision.refusal.refusal !== 'IdempotencyMismatch';
}
