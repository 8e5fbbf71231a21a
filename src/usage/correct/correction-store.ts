import type { Statement, Tx } from '../../infra/db.ts';
import { plain } from '../../kit/decimal.ts';
import type { Part } from './part.ts';

// What taking an event back reads and writes, inside its transaction.

const CLAIM: Statement = {
  name: 'usage.claim_correction',
  // A concurrent call waits here for the first.
  text: `INSERT INTO usage_corrections (organization_id, customer_id, usage_event_id, description, created_at)
    VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5::timestamptz)
    ON CONFLICT (usage_event_id, customer_id) DO NOTHING
    RETURNING usage_event_id`,
};

/** Whether the event is taken back now; false when it was before. */
export async function claimCorrection(
  tx: Tx,
  event: { readonly organizationId: string; readonly customerId: string; readonly id: string },
  description: string | null,
  now: Date,
): Promise<boolean> {
  const { organizationId, customerId, id } = event;
  return (await tx.query(CLAIM, [organizationId, customerId, id, description, now])).length > 0;
}

const PRICE = { include: { asset: true, metric: true } } as const;

/** The charges of an event, each with its rate, price, asset and metric. */
export function chargesOf(tx: Tx, usageEventId: string, customerId: string) {
  return tx.prisma.charge.findMany({
    where: { usageEventId, customerId },
    include: { rate: { include: { price: PRICE } } },
    orderBy: { ordinal: 'asc' },
  });
}

export type StoredCharge = Awaited<ReturnType<typeof chargesOf>>[number];

/** What an event said of counters, each with the price it is of. */
export async function saidBy(tx: Tx, usageEventId: string, customerId: string) {
  const readings = await tx.prisma.usageReading.findMany({ where: { usageEventId, customerId } });
  const ids = readings.map(({ countedId }) => countedId);
  const prices = await tx.prisma.price.findMany({ where: { id: { in: ids } }, ...PRICE });
  return readings.flatMap((reading) => {
    const price = prices.find(({ id }) => id === reading.countedId);
    return price ? [{ ...reading, price }] : [];
  });
}

/** Where the period of a counter ends. */
export async function periodEndOf(
  tx: Tx,
  { customerId, countedId, slice, periodStart }: CounterRef,
): Promise<Date> {
  const counter = await tx.prisma.usageCounter.findUniqueOrThrow({
    where: {
      customerId_countedId_periodStart_slice: { customerId, countedId, slice, periodStart },
    },
    select: { periodEnd: true },
  });
  return counter.periodEnd;
}

export interface CounterRef {
  readonly customerId: string;
  readonly countedId: string;
  readonly slice: string;
  readonly periodStart: Date;
}

export function rateOf(tx: Tx, id: string) {
  return tx.prisma.rate.findUniqueOrThrow({ where: { id } });
}

export async function insertParts(
  tx: Tx,
  event: { readonly organizationId: string; readonly customerId: string; readonly id: string },
  parts: readonly Part[],
): Promise<void> {
  await tx.prisma.chargeCorrection.createMany({
    data: parts.map(({ ordinal, walletId, key, quantity, amount }) => ({
      organizationId: event.organizationId,
      customerId: event.customerId,
      causeId: event.id,
      ordinal,
      walletId,
      countedId: key?.countedId ?? null,
      slice: key?.slice ?? null,
      periodStart: key?.period.start ?? null,
      quantity: plain(quantity),
      amount: plain(amount),
    })),
  });
}
