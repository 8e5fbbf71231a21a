import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import { type Exact, ZERO } from '../kit/decimal.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import type { BurnOrder } from '../ledger/burn-down.ts';
import { post } from '../ledger/post.ts';
import { toldOf } from '../ledger/tell.ts';
import { type Owner, openGathered, type WalletMemory } from '../ledger/wallet-memory.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import { isDue, type Watch, type Watched } from '../ledger/watch.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { writeOutbox } from '../live/outbox.ts';
import { type Decision, decide, type Recording, type Situation } from './decide.ts';
import type { Candidate, RecordedEvent } from './event.ts';
import { eventColumns } from './event-columns.ts';
import type { EventMemory } from './event-memory.ts';
import { FIND_RECORDED, type RecordedRow } from './sql/find-recorded.ts';
import { INSERT_EVENTS } from './sql/insert-events.ts';
import { type OrganizationRow, READ_ORGANIZATIONS } from './sql/read-organizations.ts';
import { toldOfUsage } from './tell.ts';

export interface Committed {
  readonly decisions: Decision[];
  /** As the transaction leaves them. */
  readonly wallets: readonly WalletState[];
  /** What to tell once the transaction has committed. */
  readonly updates: BalanceUpdate[];
}

/** The catalogue moved on between rating and committing: rate these organizations' events again. */
export class CatalogueChanged extends Error {
  override readonly name = 'CatalogueChanged';
  readonly organizationIds: readonly string[];

  constructor(organizationIds: readonly string[]) {
    super('The catalogue changed since the events were rated.');
    this.organizationIds = organizationIds;
  }
}

/** What a process remembers between batches. */
export interface Memory {
  readonly wallets: WalletMemory;
  readonly events: EventMemory;
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
  candidates: readonly Candidate[],
  burnOrderOf: (organizationId: string, assetId: string) => BurnOrder,
  memory: Memory,
  makeSure: boolean,
  { clock, watch }: { readonly clock: Clock; readonly watch: Watch },
): Promise<Committed> {
  const asked = makeSure ? candidates : memory.events.suspects(candidates);
  const [gathered, recorded, organizations] = await Promise.all([
    memory.wallets.gather(tx, ownersOf(candidates), makeSure),
    findRecorded(tx, asked),
    tx.query<OrganizationRow>(READ_ORGANIZATIONS, [organizationIds(candidates)]),
  ]);
  // Now is after the wallets were read: what is posted to one of them is posted in the order of its time.
  const now = clock.now();
  const organizationOf = new Map(organizations.map((row) => [row.id, row]));
  refuseStale(candidates, organizationOf);
  const wallets = await openGathered(tx, gathered, ({ organizationId, assetId }) => ({
    burnOrder: burnOrderOf(organizationId, assetId),
    settlementWindowMs: settlementWindowOf(organizationOf, organizationId) * SECOND_MS,
  }));
  const decisions = decide(candidates, situationOf(wallets, recorded, now));
  const isSure = gathered.locked && asked.length === candidates.length;
  if (!isSure && decisions.some(isDoubtful)) throw new NotSure();
  const alertVersionOf = ({ organizationId }: WalletState) =>
    organizationOf.get(organizationId)?.alert_version ?? 0;
  const decided = { candidates, decisions, wallets, alertVersionOf };
  const updates = await apply(tx, decided, watch, now);
  return { decisions, wallets, updates };
}

async function findRecorded(tx: Queryable, suspects: readonly Candidate[]): Promise<RecordedRow[]> {
  if (suspects.length === 0) return [];
  return tx.query<RecordedRow>(FIND_RECORDED, [
    columns.uuid(suspects, ({ event }) => event.customerId),
    columns.text(suspects, ({ event }) => event.eventId),
  ]);
}

/** A mismatch is never in doubt: the event that it differs from was found. */
function isDoubtful(decision: Decision): boolean {
  return decision.kind === 'REFUSE' && decision.refusal.refusal !== 'IdempotencyMismatch';
}

interface Decided {
  readonly candidates: readonly Candidate[];
  /** One for each candidate, in order. */
  readonly decisions: readonly Decision[];
  readonly wallets: readonly WalletState[];
  alertVersionOf(wallet: WalletState): number;
}

/** Sends what was decided, and what there is to tell of it; the commit waits for it. */
async function apply(
  tx: Queryable,
  { candidates, decisions, wallets, alertVersionOf }: Decided,
  watch: Watch,
  now: Date,
): Promise<BalanceUpdate[]> {
  const accepted = decisions.filter((decision) => decision.kind === 'RECORD');
  const changed = wallets.filter((wallet) => wallet.postings.length > 0);
  // Wallets before events, as everybody does, so that nobody waits for one while he holds the other.
  const { written, updates, settled } = post(tx, changed, now);
  const recorded = accepted.length > 0 && tx.query(INSERT_EVENTS, eventColumns(inOrder(accepted)));
  const watched = dueOf(changed, settled, alertVersionOf);
  // The rules are read behind the write, which holds the wallets and fails where one has moved on: it is
  // waited for beside them, so that its failure is the one that is seen.
  if (watched.length > 0) await Promise.all([written, recorded, watch(tx, watched, now)]);
  const told = [...toldOfUsage(candidates, decisions), ...toldOf(changed, updates)];
  writeOutbox(tx, told, now);
  return updates;
}

/** The wallets whose alert rules have to be evaluated; mostly none. */
function dueOf(
  changed: readonly WalletState[],
  settled: readonly Exact[],
  alertVersionOf: Decided['alertVersionOf'],
): Watched[] {
  const due: Watched[] = [];
  for (const [index, wallet] of changed.entries()) {
    const left = settled[index] ?? ZERO;
    if (!isDue(wallet, left, alertVersionOf(wallet))) continue;
    due.push({ wallet, settled: left, isCredit: false, isOpened: false });
  }
  return due;
}

/**
 * Events that cost something are ordered by the locks of their wallets. No lock orders those that cost
 * nothing, so they come last, sorted: whoever else writes the same ones writes them in the same order.
 */
function inOrder(accepted: readonly Recording[]): readonly Recording[] {
  const isFree = ({ charges }: Recording) => charges.every(({ entryCount }) => entryCount === 0);
  const free = accepted.filter(isFree);
  if (free.length === 0) return accepted;
  const keyOf = ({ event }: Recording) => event.customerId + event.eventId;
  free.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return [...accepted.filter((recording) => !isFree(recording)), ...free];
}

function organizationIds(candidates: readonly Candidate[]): string[] {
  return [...new Set(candidates.map(({ event }) => event.organizationId))];
}

/** Whose wallets the candidates' charges would draw on, each once. */
function ownersOf(candidates: readonly Candidate[]): Owner[] {
  const owners: Owner[] = [];
  const assetsOf = new Map<string, string[]>();
  for (const { event, rated } of candidates) {
    if (isRefusal(rated)) continue;
    const { customerId } = event;
    for (const { price } of rated) {
      const { assetId } = price;
      const assets = assetsOf.get(customerId);
      if (assets?.includes(assetId)) continue;
      if (assets) assets.push(assetId);
      else assetsOf.set(customerId, [assetId]);
      owners.push({ customerId, assetId });
    }
  }
  return owners;
}

function refuseStale(
  candidates: readonly Candidate[],
  organizationOf: ReadonlyMap<string, OrganizationRow>,
): void {
  const stale = candidates.filter(({ event, catalogueVersion }) => {
    const organization = organizationOf.get(event.organizationId);
    return organization?.catalogue_version !== catalogueVersion;
  });
  if (stale.length > 0) throw new CatalogueChanged(organizationIds(stale));
}

function settlementWindowOf(
  organizationOf: ReadonlyMap<string, OrganizationRow>,
  organizationId: string,
): number {
  const organization = organizationOf.get(organizationId);
  if (!organization) throw new Error(`A wallet belongs to no organization: ${organizationId}.`);
  return organization.settlement_window_seconds;
}

/** What decisions look up, by customer first: a customer has few wallets, and hardly ever a duplicate. */
function situationOf(
  wallets: readonly WalletState[],
  recorded: readonly RecordedRow[],
  now: Date,
): Situation {
  const walletsOf = groupBy(wallets, ({ customerId }): string => customerId);
  const eventsOf = new Map<string, Map<string, RecordedEvent>>();
  for (const row of recorded) {
    const events = eventsOf.get(row.customer_id) ?? new Map<string, RecordedEvent>();
    eventsOf.set(row.customer_id, events.set(row.event_id, recordedEvent(row)));
  }
  return {
    now,
    walletOf: (customerId, assetId) =>
      walletsOf.get(customerId)?.find((wallet) => wallet.assetId === assetId),
    recorded: (customerId, eventId) => eventsOf.get(customerId)?.get(eventId),
  };
}

function recordedEvent(row: RecordedRow): RecordedEvent {
  return {
    id: row.id as Id<'usageEvent'>,
    organizationId: row.organization_id as Id<'organization'>,
    customerId: row.customer_id as Id<'customer'>,
    eventId: row.event_id,
    type: row.type,
    subject: row.subject,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    properties: JSON.parse(row.properties_json) as Record<string, unknown>,
    propertiesJson: row.properties_json,
    contentHash: row.content_hash,
  };
}
