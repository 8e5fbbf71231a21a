import DataLoader from 'dataloader';
import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { inOrder } from '../infra/in-order.ts';
import { createNewestVersionsLoader } from './plans/loader.ts';

/** The batches of one request: assets, metrics and rates by stored id. */
export function createCatalogLoaders(db: Pick<Db, 'prisma' | 'direct'>, viewer: Viewer) {
  const { prisma } = db;
  const those = (ids: readonly string[]) => ({
    where: { ...inOrganization(viewer), id: { in: [...ids] } },
  });
  return {
    assets: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await prisma.asset.findMany(those(ids))),
    ),
    metrics: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await prisma.billableMetric.findMany(those(ids))),
    ),
    newestPlanVersions: createNewestVersionsLoader(db, viewer),
    rates: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await prisma.rate.findMany(those(ids))),
    ),
  };
}
