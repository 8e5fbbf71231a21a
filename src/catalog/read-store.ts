import { inOrganization, type Viewer } from '../access/viewer.ts';
import { isStorable } from '../kit/check.ts';
import { notFound } from '../kit/refusal.ts';
import { findAsset, findMetric, type Models, named } from './store.ts';

/** `query` is what the graph selected and which page of it; it never widens `where`. */
type Selection = object;

/** What the graph reads of the catalogue. Lists are in the order of creation. */
export function createCatalogReads(db: Models) {
  const inOrder = { orderBy: { id: 'asc' } } as const;
  const byId = (viewer: Viewer, id: string) => ({ where: { ...inOrganization(viewer), id } });
  const all = (viewer: Viewer) => ({ where: inOrganization(viewer) });

  return {
    readAsset: (viewer: Viewer, id: string, query: Selection = {}) =>
      db.prisma.asset.findFirst({ ...query, ...byId(viewer, id) }),
    readMetric: (viewer: Viewer, id: string, query: Selection = {}) =>
      db.prisma.billableMetric.findFirst({ ...query, ...byId(viewer, id) }),
    readRateCard: (viewer: Viewer, id: string, query: Selection = {}) =>
      db.prisma.rateCard.findFirst({ ...query, ...byId(viewer, id) }),
    readPrice: (viewer: Viewer, id: string, query: Selection = {}) =>
      db.prisma.price.findFirst({ ...query, ...byId(viewer, id) }),
    readRate: (viewer: Viewer, id: string, query: Selection = {}) =>
      db.prisma.rate.findFirst({ ...query, ...byId(viewer, id) }),

    async findAsset(viewer: Viewer, codeOrId: string, query: Selection = {}) {
      if (!isStorable(codeOrId)) return null;
      return db.prisma.asset.findFirst({ ...query, where: named('asset', viewer, codeOrId) });
    },
    async findMetric(viewer: Viewer, codeOrId: string, query: Selection = {}) {
      if (!isStorable(codeOrId)) return null;
      const where = named('metric', viewer, codeOrId);
      return db.prisma.billableMetric.findFirst({ ...query, where });
    },

    listAssets: (viewer: Viewer, query: Selection = {}) =>
      db.prisma.asset.findMany({ ...inOrder, ...query, ...all(viewer) }),
    countAssets: (viewer: Viewer) => db.prisma.asset.count(all(viewer)),
    async listMetrics(viewer: Viewer, filter: MetricFilter, query: Selection = {}) {
      const where = metricFilter(viewer, filter);
      return where ? db.prisma.billableMetric.findMany({ ...inOrder, ...query, where }) : [];
    },
    async countMetrics(viewer: Viewer, filter: MetricFilter) {
      const where = metricFilter(viewer, filter);
      return where ? db.prisma.billableMetric.count({ where }) : 0;
    },
    listRateCards: (viewer: Viewer, query: Selection = {}) =>
      db.prisma.rateCard.findMany({ ...inOrder, ...query, ...all(viewer) }),
    countRateCards: (viewer: Viewer) => db.prisma.rateCard.count(all(viewer)),

    async listPrices(viewer: Viewer, filter: PriceFilter, query: Selection = {}) {
      const where = priceFilter(viewer, filter);
      return where ? db.prisma.price.findMany({ ...inOrder, ...query, where }) : [];
    },
    async countPrices(viewer: Viewer, filter: PriceFilter) {
      const where = priceFilter(viewer, filter);
      return where ? db.prisma.price.count({ where }) : 0;
    },
    listRates: (viewer: Viewer, ids: readonly string[], query: Selection = {}) =>
      db.prisma.rate.findMany({
        ...inOrder,
        ...query,
        where: { ...inOrganization(viewer), id: { in: [...ids] } },
      }),

    async resolveAsset(viewer: Viewer, codeOrId: string, path = 'asset') {
      return (await findAsset(db, viewer, codeOrId)) ?? notFound(path, 'Asset', codeOrId);
    },
    async resolveMetric(viewer: Viewer, codeOrId: string, path = 'metric') {
      return (await findMetric(db, viewer, codeOrId)) ?? notFound(path, 'BillableMetric', codeOrId);
    },
  };
}

export interface MetricFilter {
  readonly eventType?: string | null | undefined;
}

/** Null when no text in the database can match. */
function metricFilter(viewer: Viewer, { eventType }: MetricFilter) {
  if (!isStorable(eventType ?? '')) return null;
  return { ...inOrganization(viewer), ...(eventType == null ? {} : { eventType }) };
}

export interface PriceFilter {
  /** Codes or TypeIDs; one that names nothing matches no price. */
  readonly metric?: string | null | undefined;
  readonly rateCard?: string | null | undefined;
}

/** Null when no text in the database can match. */
function priceFilter(viewer: Viewer, { metric, rateCard }: PriceFilter) {
  if (!isStorable(metric ?? '') || !isStorable(rateCard ?? '')) return null;
  return {
    ...inOrganization(viewer),
    ...(metric == null ? {} : { metric: named('metric', viewer, metric) }),
    ...(rateCard == null ? {} : { rateCard: named('rateCard', viewer, rateCard) }),
  };
}
