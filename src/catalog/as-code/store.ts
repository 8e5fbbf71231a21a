import type { Models } from '../store.ts';

// What a catalogue consists of, whole.

/** A filter for rows of one organization. */
type Reach = { readonly organizationId: string };

/** The codes of everything that has one, but of what is archived. */
export async function listCodes({ prisma }: Models, reach: Reach) {
  const all = { where: reach, select: { code: true }, orderBy: { id: 'asc' } } as const;
  const offered = { ...all, where: { ...reach, archivedAt: null } } as const;
  return {
    assets: await prisma.asset.findMany(all),
    metrics: await prisma.billableMetric.findMany(all),
    features: await prisma.feature.findMany(all),
    packs: await prisma.creditPack.findMany(offered),
    plans: await prisma.plan.findMany(offered),
  };
}

/** Everything that is in force or offered, in the order of creation. */
export async function readAll({ prisma }: Models, reach: Reach) {
  const all = { where: reach, orderBy: { id: 'asc' } } as const;
  const offered = { ...all, where: { ...reach, archivedAt: null } } as const;
  const newest = { orderBy: { number: 'desc' }, take: 1 } as const;
  return {
    assets: await prisma.asset.findMany(all),
    metrics: await prisma.billableMetric.findMany(all),
    features: await prisma.feature.findMany({
      ...all,
      include: { metric: { select: { code: true } } },
    }),
    prices: await prisma.price.findMany({
      ...all,
      where: { ...reach, rateCard: { code: 'default' } },
      include: {
        metric: { select: { code: true } },
        asset: { select: { code: true } },
        rates: { orderBy: { id: 'asc' } },
      },
    }),
    packs: await prisma.creditPack.findMany(offered),
    plans: await prisma.plan.findMany({ ...offered, include: { versions: newest } }),
  };
}

export type WholeCatalog = Awaited<ReturnType<typeof readAll>>;
