import { inOrganization, type Viewer } from '../access/viewer.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable, Tx } from '../infra/db.ts';
import { isStorable } from '../kit/check.ts';
import { fromTypeId, newId, toTypeId } from '../kit/ids.ts';
import type { AssetDefinition } from './asset.ts';
import type { MetricDefinition } from './metric.ts';
import { BUMP_CATALOGUE, LOCK_CATALOGUE } from './sql/change-catalogue.ts';
import { INSERT_PRICES } from './sql/insert-prices.ts';
import type { StoredTerms } from './stored-terms.ts';

// Every query of the catalogue that a write needs. Those that the graph reads with are in read-store.ts.

/** The models, inside a transaction or outside of one. */
export type Models = Pick<Tx, 'prisma'>;

/** Transactions that hold the lock, and those that have bumped: each is of one organization. */
const locked = new WeakSet<Queryable>();
const bumped = new WeakSet<Queryable>();

/** Held until the end of the transaction, which may do many changes. */
export async function lockCatalogue(tx: Queryable, viewer: Viewer): Promise<void> {
  if (locked.has(tx)) return;
  await tx.query(LOCK_CATALOGUE, [viewer.organizationId]);
  locked.add(tx);
}

/** Every change of the catalogue ends with this one. Nobody sees the version before the transaction commits: once is enough. */
export async function bumpCatalogue(tx: Queryable, viewer: Viewer): Promise<void> {
  if (bumped.has(tx)) return;
  await tx.query(BUMP_CATALOGUE, [viewer.organizationId]);
  bumped.add(tx);
}

/** The filter for something that was named by its code or its TypeID. */
export function named(noun: 'asset' | 'metric' | 'rateCard', viewer: Viewer, codeOrId: string) {
  const id = fromTypeId(noun, codeOrId);
  return { ...inOrganization(viewer), ...(id ? { id } : { code: codeOrId }) };
}

export async function findAsset(db: Models, viewer: Viewer, codeOrId: string) {
  if (!isStorable(codeOrId)) return null;
  return db.prisma.asset.findFirst({ where: named('asset', viewer, codeOrId) });
}

/** The assets of some codes; each code that names one is in the answer. */
export async function findAssets(db: Models, viewer: Viewer, codes: readonly string[]) {
  const where = { ...inOrganization(viewer), code: { in: [...codes] } };
  const assets = await db.prisma.asset.findMany({ where });
  return new Map(assets.map((asset) => [asset.code, asset]));
}

/** The assets behind some codes and TypeIDs, each under what it was named by. */
export async function findAssetsNamed(db: Models, viewer: Viewer, names: ReadonlySet<string>) {
  const codes = [...names].filter(isStorable);
  const ids = codes.flatMap((text) => fromTypeId('asset', text) ?? []);
  const either = { OR: [{ code: { in: codes } }, { id: { in: ids } }] };
  const assets = await db.prisma.asset.findMany({
    where: { ...inOrganization(viewer), ...either },
  });
  const byCode = new Map(assets.map((asset) => [asset.code, asset]));
  const byId = new Map(assets.map((asset) => [toTypeId('asset', asset.id), asset]));
  return new Map([...byCode, ...byId]);
}

export async function findMetric(db: Models, viewer: Viewer, codeOrId: string) {
  if (!isStorable(codeOrId)) return null;
  return db.prisma.billableMetric.findFirst({ where: named('metric', viewer, codeOrId) });
}

/** The metrics behind some codes and TypeIDs, each under what it was named by. */
export async function findMetrics(db: Models, viewer: Viewer, codesOrIds: ReadonlySet<string>) {
  const ids = [...codesOrIds].flatMap((text) => fromTypeId('metric', text) ?? []);
  const metrics = await db.prisma.billableMetric.findMany({
    where: {
      ...inOrganization(viewer),
      OR: [{ code: { in: [...codesOrIds] } }, { id: { in: ids } }],
    },
  });
  const byCode = new Map(metrics.map((metric) => [metric.code, metric]));
  const byId = new Map(metrics.map((metric) => [toTypeId('metric', metric.id), metric]));
  return new Map([...byCode, ...byId]);
}

export async function findRateCard(db: Models, viewer: Viewer, codeOrId: string) {
  if (!isStorable(codeOrId)) return null;
  return db.prisma.rateCard.findFirst({ where: named('rateCard', viewer, codeOrId) });
}

/** The price with every rate it ever had; null when the metric has none in the asset on the card. */
export async function findPrice(db: Models, viewer: Viewer, key: PriceKey) {
  return db.prisma.price.findFirst({
    where: { ...inOrganization(viewer), ...key },
    include: { rates: { orderBy: { id: 'asc' } } },
  });
}

export interface PriceKey {
  readonly rateCardId: string;
  readonly metricId: string;
  readonly assetId: string;
}

export type StoredPrice = NonNullable<Awaited<ReturnType<typeof findPrice>>>;

/** The same for many metrics at once. */
export async function findPrices(
  db: Models,
  viewer: Viewer,
  key: Omit<PriceKey, 'metricId'> & { readonly metricIds: readonly string[] },
): Promise<StoredPrice[]> {
  const { metricIds, ...rest } = key;
  return db.prisma.price.findMany({
    where: { ...inOrganization(viewer), ...rest, metricId: { in: [...metricIds] } },
    include: { rates: { orderBy: { id: 'asc' } } },
    orderBy: { id: 'asc' },
  });
}

export async function insertAsset(
  tx: Tx,
  viewer: Viewer,
  definition: AssetDefinition,
  createdAt: Date,
) {
  return tx.prisma.asset.create({
    data: { ...definition, ...owned('asset', viewer, createdAt) },
  });
}

export async function insertMetric(
  tx: Tx,
  viewer: Viewer,
  { conversion, ...definition }: MetricDefinition,
  createdAt: Date,
) {
  return tx.prisma.billableMetric.create({
    data: {
      ...definition,
      ...(conversion && { conversion: { ...conversion } }),
      filter: definition.filter.map((condition) => ({ ...condition })) as object[],
      ...owned('metric', viewer, createdAt),
    },
  });
}

export async function insertRateCard(tx: Tx, viewer: Viewer, code: string, createdAt: Date) {
  return tx.prisma.rateCard.create({
    data: { code, name: code, ...owned('rateCard', viewer, createdAt) },
  });
}

/**
 * Prices of one card, none of which it has; answers their ids, in order. The caller holds the lock of the catalogue:
 * which price of a metric is the first is decided once.
 */
export async function insertPrices(
  tx: Tx,
  viewer: Viewer,
  rateCardId: string,
  keys: readonly Omit<PriceKey, 'rateCardId'>[],
  createdAt: Date,
): Promise<string[]> {
  const ids = keys.map(() => newId('price'));
  if (keys.length === 0) return ids;
  await tx.query(INSERT_PRICES, [
    viewer.organizationId,
    rateCardId,
    createdAt,
    columns.uuid(ids, (id) => id),
    columns.uuid(keys, ({ metricId }) => metricId),
    columns.uuid(keys, ({ assetId }) => assetId),
  ]);
  return ids;
}

/** A rate that was decided on, before it has an id. */
export interface RateRow extends StoredTerms {
  readonly priceId: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly effectiveFrom: Date | null;
}

/** Answers the ids, in the order of the rows. */
export async function insertRates(
  tx: Tx,
  viewer: Viewer,
  rows: readonly RateRow[],
  createdAt: Date,
): Promise<string[]> {
  const data = rows.map(({ terms, ...row }) => ({
    ...row,
    ...(terms && { terms: terms as object }),
    ...owned('rate', viewer, createdAt),
  }));
  await tx.prisma.rate.createMany({ data });
  return data.map((row) => row.id);
}

function owned(noun: 'asset' | 'metric' | 'rateCard' | 'rate', viewer: Viewer, createdAt: Date) {
  return { id: newId(noun), ...inOrganization(viewer), createdAt };
}
