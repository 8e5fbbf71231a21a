import type { Tx } from '../../infra/db.ts';
import { type Exact, exact, plain, ZERO } from '../../kit/decimal.ts';
import type { Id } from '../../kit/ids.ts';
import {
  type Counter,
  type CounterKey,
  type CounterKind,
  counterKey,
} from '../../metering/counter.ts';
import { takeReading } from '../../metering/take-reading.ts';
import { type Aggregation, isObserved } from '../../rating/aggregation.ts';
import type { Claim, StoredEvent } from './claims.ts';

/** What an event counts for in a counter of a feature. */
export interface Use {
  readonly key: CounterKey;
  readonly metric: { readonly id: string; readonly aggregation: Aggregation };
  /** Null for a value that stands by itself. */
  readonly row: StoredUse | null;
}

interface StoredUse {
  readonly quantity: Exact;
  readonly amount: Exact;
  /** In what money is added up; null where quantities are. */
  readonly assetId: string | null;
}

/** What was given back of a claim. */
export interface GivenBack {
  readonly claim: Claim;
  readonly amount: Exact;
}

/** All that an event counts for in counters of features; mostly nothing. */
export async function usesOf(tx: Tx, event: StoredEvent): Promise<Use[]> {
  const where = { usageEventId: event.id, customerId: event.customerId };
  const rows = await tx.prisma.featureUse.findMany({ where });
  const readings = await tx.prisma.usageReading.findMany({ where });
  const ids = [...rows.map((row) => row.featureId), ...readings.map((row) => row.countedId)];
  const features = await tx.prisma.feature.findMany({
    where: { id: { in: ids } },
    include: { metric: true },
  });
  const metricOf = (featureId: string) => features.find(({ id }) => id === featureId)?.metric;
  const uses: Use[] = [];
  for (const { featureId, slice, periodStart, quantity, amount, assetId } of rows) {
    const metric = metricOf(featureId);
    if (!metric) throw new Error(`A feature that was used is not metered: ${featureId}.`);
    const key = await keyOf(tx, event, { countedId: featureId, slice, periodStart });
    uses.push({ key, metric, row: { quantity: exact(quantity), amount: exact(amount), assetId } });
  }
  for (const reading of readings) {
    const metric = metricOf(reading.countedId);
    // The others are of prices.
    if (metric) uses.push({ key: await keyOf(tx, event, reading), metric, row: null });
  }
  return uses;
}

async function keyOf(
  tx: Tx,
  { organizationId, customerId }: StoredEvent,
  {
    countedId,
    slice,
    periodStart,
  }: Pick<CounterKey, 'countedId' | 'slice'> & { periodStart: Date },
): Promise<CounterKey> {
  const { kind, periodEnd: end } = await tx.prisma.usageCounter.findUniqueOrThrow({
    where: {
      customerId_countedId_periodStart_slice: { customerId, countedId, slice, periodStart },
    },
    select: { kind: true, periodEnd: true },
  });
  return counterKey({
    kind: kind as CounterKind,
    organizationId: organizationId as Id<'organization'>,
    customerId: customerId as Id<'customer'>,
    countedId,
    slice,
    period: { start: periodStart, end },
  });
}

/**
 * Counts an event no longer in a counter of a feature. Money is taken from what was spent as it is given back,
 * which may be other than what the event was charged: tiers move.
 */
export async function takeBackUse(
  tx: Tx,
  { key, metric, row }: Use,
  counter: Counter,
  event: StoredEvent,
  givenBack: readonly GivenBack[],
): Promise<void> {
  counter.isChanged = true;
  if (row === null) {
    const { aggregation } = metric;
    if (!isObserved(aggregation)) throw new Error(`A metric keeps no readings: ${metric.id}.`);
    counter.quantity = await takeReading(tx, counter, aggregation, event.id);
    return;
  }
  const spent = givenBack.filter(
    ({ claim: { price } }) => price.metricId === metric.id && price.assetId === row.assetId,
  );
  const amount = spent.reduce((sum, part) => sum + part.amount, ZERO);
  counter.quantity -= row.quantity;
  counter.charged -= amount;
  await keepRest(tx, key, event, row.amount - amount);
}

/** What stays of an event's use once it is taken back: mostly nothing, and of quantities nothing ever. */
async function keepRest(tx: Tx, key: CounterKey, event: StoredEvent, rest: Exact): Promise<void> {
  const { customerId, countedId: featureId, slice, period } = key;
  const where = {
    usageEventId_customerId_featureId_slice_periodStart: {
      usageEventId: event.id,
      customerId,
      featureId,
      slice,
      periodStart: period.start,
    },
  };
  if (rest === ZERO) await tx.prisma.featureUse.delete({ where });
  else await tx.prisma.featureUse.update({ where, data: { quantity: '0', amount: plain(rest) } });
}
