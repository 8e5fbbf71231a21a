import { arrayLiteral, textArrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import { stored } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { isRefusal } from '../kit/refusal.ts';
import type { BurnOrder } from '../ledger/burn-down.ts';
import { post } from '../ledger/post.ts';
import { type Owner, openLocked, type WalletMemory } from '../ledger/wallet-memory.ts';
import type { WalletState } from '../ledger/wallet-state.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { type Decision, decide } from './decide.ts';
import type { Candidate, RecordedCharge, RecordedEvent } from './event.ts';
import { FIND_RECORDED, type RecordedRow } from './sql/find-recorded.ts';
import { INSERT_CHARGES, INSERT_EVENTS } from './sql/insert-events.ts';
import { type OrganizationRow, READ_ORGANIZATIONS } from './sql/read-organizations.ts';

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

/**
 * One batch, in one transaction of two round trips: gather under the wallets' locks, decide in memory,
 * apply and commit. One more reads the wallets that somebody else has changed.
 */
export async function commitBatch(
  tx: Queryable,
  candidates: readonly Candidate[],
  burnOrderOf: (organizationId: string, assetId: string) => BurnOrder,
  memory: WalletMemory,
  clock: Clock,
): Promise<Committed> {
  const [locked, recorded, organizations] = await Promise.all([
    memory.lock(tx, ownersOf(candidates)),
    tx.query<RecordedRow>(FIND_RECORDED, [
      arrayLiteral(candidates, ({ event }) => event.customerId),
      textArrayLiteral(candidates, ({ event }) => event.eventId),
    ]),
    tx.query<OrganizationRow>(READ_ORGANIZATIONS, [organizationIds(candidates)]),
  ]);
  // Now is when the wallets are ours: what is posted to one of them is posted in the order of its time.
  const now = clock.now();
  const organizationOf = new Map(organizations.map((row) => [row.id, row]));
  refuseStale(candidates, organizationOf);
  const wallets = await openLocked(tx, locked, ({ organizationId, assetId }) => ({
    burnOrder: burnOrderOf(organizationId, assetId),
    settlementWindowMs: settlementWindowOf(organizationOf, organizationId) * SECOND_MS,
  }));
  const decisions = decide(candidates, situationOf(wallets, recorded, now));
  return { decisions, wallets, updates: apply(tx, decisions, wallets, now) };
}

/** Sends what was decided; the commit waits for it. */
function apply(
  tx: Queryable,
  decisions: readonly Decision[],
  wallets: readonly WalletState[],
  now: Date,
): BalanceUpdate[] {
  const events: RecordedEvent[] = [];
  const charges: RecordedCharge[] = [];
  for (const decision of decisions) {
    if (decision.kind !== 'RECORD') continue;
    events.push(decision.event);
    charges.push(...decision.charges);
  }
  if (events.length > 0) tx.query(INSERT_EVENTS, eventColumns(events));
  if (charges.length > 0) tx.query(INSERT_CHARGES, chargeColumns(charges));
  const changed = wallets.filter((wallet) => wallet.postings.length > 0);
  return post(tx, changed, now).updates;
}

function organizationIds(candidates: readonly Candidate[]): string[] {
  return [...new Set(candidates.map(({ event }) => event.organizationId))];
}

/** Whose wallets the candidates' charges would draw on, each once. */
function ownersOf(candidates: readonly Candidate[]): Owner[] {
  const owners = new Map<string, Owner>();
  for (const { event, rated } of candidates) {
    if (isRefusal(rated)) continue;
    const { customerId } = event;
    for (const { price } of rated) {
      const { assetId } = price;
      owners.set(customerId + assetId, { customerId, assetId });
    }
  }
  return [...owners.values()];
}

function refuseStale(
  candidates: readonly Candidate[],
  organizationOf: ReadonlyMap<string, OrganizationRow>,
): void {
  const stale = candidates.filter(({ event, catalogueVersion }) => {
    const organization = organizationOf.get(event.organizationId);
    return Number(organization?.catalogue_version) !== catalogueVersion;
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

function situationOf(wallets: readonly WalletState[], recorded: readonly RecordedRow[], now: Date) {
  const walletByOwner = new Map(
    wallets.map((wallet) => [wallet.customerId + wallet.assetId, wallet]),
  );
  const eventByKey = new Map(
    recorded.map((row) => [row.customer_id + row.event_id, recordedEvent(row)]),
  );
  return {
    now,
    walletOf: (customerId: string, assetId: string) => walletByOwner.get(customerId + assetId),
    recorded: (customerId: string, eventId: string) => eventByKey.get(customerId + eventId),
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

function eventColumns(events: readonly RecordedEvent[]): unknown[] {
  return [
    arrayLiteral(events, (event) => event.id),
    arrayLiteral(events, (event) => event.organizationId),
    arrayLiteral(events, (event) => event.customerId),
    textArrayLiteral(events, (event) => event.eventId),
    textArrayLiteral(events, (event) => event.type),
    textArrayLiteral(events, (event) => event.subject),
    arrayLiteral(events, (event) => event.occurredAt.toISOString()),
    arrayLiteral(events, (event) => event.receivedAt.toISOString()),
    textArrayLiteral(events, (event) => event.propertiesJson),
    arrayLiteral(events, (event) => event.contentHash),
  ];
}

function chargeColumns(charges: readonly RecordedCharge[]): unknown[] {
  return [
    arrayLiteral(charges, (charge) => charge.organizationId),
    arrayLiteral(charges, (charge) => charge.customerId),
    arrayLiteral(charges, (charge) => charge.usageEventId),
    arrayLiteral(charges, (charge) => charge.ordinal),
    arrayLiteral(charges, (charge) => charge.walletId),
    arrayLiteral(charges, (charge) => charge.metricId),
    arrayLiteral(charges, (charge) => charge.rateId),
    arrayLiteral(charges, (charge) => stored(charge.quantity)),
    arrayLiteral(charges, (charge) => stored(charge.amount)),
    arrayLiteral(charges, (charge) => charge.firstSequence),
    arrayLiteral(charges, (charge) => charge.entryCount),
  ];
}
