import DataLoader from 'dataloader';
import { inOrganization, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { inOrder } from '../infra/in-order.ts';
import { createExchangeLoaders } from './exchange/loader.ts';
import { createNewestVersionsLoader } from './plans/loader.ts';
import { findAssetsNamed } from './store.ts';

/** The batches of one request: assets, metrics and rates by stored id, assets by name too. */
export function createCatalogLoaders(db: Pick<Db, 'prisma' | 'direct'>, viewer: Viewer) {
  const { prisma } = db;
  const those = (ids: readonly string[]) => ({
    where: { ...inOrganization(viewer), id: { in: [...ids] } },
  });
  return {
    ...createExchangeLoaders(db, viewer),
    /** By code or TypeID; null for one that the organization does not have. */
    assetsNamed: new DataLoader(async (names: readonly string[]) => {
      const assets = await findAssetsNamed(db, viewer, new Set(names));
      return names.map((name) => assets.get(name) ?? null);
    }),
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
