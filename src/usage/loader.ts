import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { Db, Queryable, Statement } from '../infra/db.ts';
import { inOrder } from '../infra/in-order.ts';
import { exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { ChargeCount, GrantDraw, RecordedCharge } from './event.ts';
import { type ChargeRow, type DrawRow, READ_CHARGES, READ_DRAWS } from './sql/read-charges.ts';
import { loadEvents } from './store.ts';

/** Usage events by stored id, as far as the viewer may see. */
export function createUsageEventsLoader(db: Db, viewer: Viewer) {
  return new DataLoader(async (ids: readonly string[]) =>
    inOrder(ids, await loadEvents(db, viewer, ids)),
  );
}

/** The charges of events, by stored event id. */
export function createChargesLoader(db: Queryable, viewer: Viewer) {
  return new DataLoader<string, RecordedCharge[]>(async (eventIds) => {
    const rows = await db.query<ChargeRow>(READ_CHARGES, [viewer.organizationId, eventIds]);
    const byEvent = new Map<string, RecordedCharge[]>(eventIds.map((id) => [id, []]));
    for (const row of rows) byEvent.get(row.usage_event_id)?.push(toCharge(row));
    return eventIds.map((id) => byEvent.get(id) ?? []);
  });
}

/** The grants that a charge drew, in order; reads the charge's run of ledger entries. */
export function createDrawsLoader(db: Queryable) {
  return new DataLoader<RecordedCharge, GrantDraw[]>(async (charges) => {
    const paid = charges.filter((charge) => charge.entryCount > 0);
    const rows = await db.query<DrawRow>(READ_DRAWS, [
      paid.map((charge) => charge.walletId),
      paid.map((charge) => charge.firstSequence),
      paid.map((charge) => charge.entryCount),
    ]);
    const byEntry = new Map(rows.map((row) => [`${row.wallet_id}/${row.sequence}`, toDraw(row)]));
    return charges.map((charge) => drawsOf(charge, byEntry));
  });
}

function drawsOf(charge: RecordedCharge, byEntry: ReadonlyMap<string, GrantDraw>): GrantDraw[] {
  return Array.from({ length: charge.entryCount }, (_, offset) => {
    const draw = byEntry.get(`${charge.walletId}/${charge.firstSequence + offset}`);
    if (!draw) throw new Error(`A charge of event ${charge.usageEventId} has lost an entry.`);
    return draw;
  });
}

function toDraw(row: DrawRow): GrantDraw {
  const grant = row.grant_id === null ? null : { id: row.grant_id as Id<'grant'> };
  return { grant, amount: exact(row.amount) };
}

function toCharge(row: ChargeRow): RecordedCharge {
  return {
    usageEventId: row.usage_event_id as Id<'usageEvent'>,
    ordinal: row.ordinal,
    organizationId: row.organization_id as Id<'organization'>,
    customerId: row.customer_id as Id<'customer'>,
    walletId: row.wallet_id as Id<'wallet'> | null,
    assetId: row.asset_id as Id<'asset'>,
    metricId: row.metric_id as Id<'metric'>,
    rateId: row.rate_id as Id<'rate'>,
    quantity: exact(row.quantity),
    amount: exact(row.amount),
    firstSequence: Number(row.first_sequence),
    entryCount: row.entry_count,
    count: countOf(row),
  };
}

function countOf({ period_start, counted_before, charged_before }: ChargeRow): ChargeCount | null {
  if (period_start === null || counted_before === null || charged_before === null) return null;
  const before = { quantity: exact(counted_before), charged: exact(charged_before) };
  return { periodStart: period_start, before };
}

const READ_CORRECTIONS: Statement = {
  name: 'usage.read_corrections',
  text: `SELECT usage_event_id, created_at FROM usage_corrections
    WHERE organization_id = $1::uuid AND usage_event_id = ANY ($2::uuid[])`,
};

/** When events were taken back, by stored event id; null for those that were not. */
export function createCorrectionsLoader(db: Queryable, viewer: Viewer) {
  return new DataLoader<string, Date | null>(async (eventIds) => {
    const rows = await db.query<{ usage_event_id: string; created_at: Date }>(READ_CORRECTIONS, [
      viewer.organizationId,
      eventIds,
    ]);
    const takenBack = new Map(rows.map((row) => [row.usage_event_id, row.created_at]));
    return eventIds.map((id) => takenBack.get(id) ?? null);
  });
}
