import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { Id } from '../kit/ids.ts';
import { FIND_COUNTED_PRICES } from './sql/find-counted-prices.ts';

/** How many counters of a metric are told at once. */
export const MAX_COUNTERS = 100;

/**
 * The counters of a customer for the prices of a metric, in the period that an instant lies in, each with
 * the rate that it was charged at last. By price, then by slice.
 */
export async function listCounters(
  db: Db,
  viewer: Viewer,
  customerId: Id<'customer'>,
  metricId: string,
  at: Date,
) {
  const visible = ofVisibleCustomers(viewer);
  if (visible.customerId && visible.customerId !== customerId) return [];
  const { organizationId } = visible;
  const found = await db.direct.query<{ id: string }>(FIND_COUNTED_PRICES, [
    customerId,
    metricId,
    at,
  ]);
  const countedIds = found.map(({ id }) => id);
  const prices = await db.prisma.price.findMany({
    where: { organizationId, id: { in: countedIds } },
  });
  const counters = await db.prisma.usageCounter.findMany({
    where: {
      organizationId,
      customerId,
      countedId: { in: countedIds },
      periodStart: { lte: at },
      periodEnd: { gt: at },
    },
    orderBy: [{ countedId: 'asc' }, { slice: 'asc' }, { periodStart: 'asc' }],
    take: MAX_COUNTERS,
  });
  const ids = counters.flatMap(({ rateId }) => rateId ?? []);
  const rates = await db.prisma.rate.findMany({ where: { organizationId, id: { in: ids } } });
  return counters.map((counter) => ({
    ...counter,
    price: prices.find(({ id }) => id === counter.countedId) ?? null,
    rate: rates.find(({ id }) => id === counter.rateId) ?? null,
  }));
}

export type ListedCounter = Awaited<ReturnType<typeof listCounters>>[number];
