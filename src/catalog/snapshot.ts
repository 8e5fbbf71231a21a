import { fromEpochMs } from '../kit/clock.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import {
  type BookMetric,
  type BookPrice,
  type BookRate,
  type Condition,
  createPriceBook,
  type PriceBook,
} from '../rating/price-book.ts';
import { sliceOf } from '../rating/slice.ts';
import type { BurnOrder } from './asset.ts';
import type { CatalogueRow } from './sql/load-catalogue.ts';
import { loadTerms } from './stored-terms.ts';

export interface SnapshotAsset {
  readonly id: Id<'asset'>;
  readonly code: string;
  readonly scale: number;
  readonly burnOrder: BurnOrder;
}

/** An organization's catalogue as of one version; never changes. */
export interface CatalogueSnapshot {
  /** The prices of the default rate card. */
  readonly book: PriceBook;
  readonly assets: ReadonlyMap<Id<'asset'>, SnapshotAsset>;
  readonly metricCodes: ReadonlyMap<Id<'metric'>, string>;
}

export function toSnapshot(row: CatalogueRow): CatalogueSnapshot {
  const assets = new Map(
    row.assets.map((asset) => [asset.id as Id<'asset'>, asset as SnapshotAsset]),
  );
  const ratesByPrice = groupBy(row.rates, (rate) => rate.priceId);
  const pricesByMetric = groupBy(row.prices, (price) => price.metricId);
  const metrics = row.metrics.map((metric): BookMetric => {
    const { filter, id, ...fields } = metric;
    const prices = (pricesByMetric.get(id) ?? []).map((price) =>
      toPrice(price, assets, ratesByPrice.get(price.id) ?? []),
    );
    return { ...fields, id: id as Id<'metric'>, conditions: filter as Condition[], prices };
  });
  return {
    book: createPriceBook(Number(row.version), metrics),
    assets,
    metricCodes: new Map(metrics.map((metric) => [metric.id, metric.code])),
  };
}

function toPrice(
  price: CatalogueRow['prices'][number],
  assets: CatalogueSnapshot['assets'],
  rates: CatalogueRow['rates'],
): BookPrice {
  const asset = assets.get(price.assetId as Id<'asset'>);
  if (!asset) throw new Error(`Price ${price.id} names an asset of another organization.`);
  return {
    id: price.id as Id<'price'>,
    assetId: asset.id,
    assetScale: asset.scale,
    rates: rates.map(toRate),
  };
}

function toRate(rate: CatalogueRow['rates'][number]): BookRate {
  return {
    id: rate.id as Id<'rate'>,
    dimensions: rate.dimensions,
    slice: sliceOf(rate.dimensions),
    ...loadTerms(rate),
    effectiveFrom: rate.effectiveFromMs === null ? null : fromEpochMs(rate.effectiveFromMs),
  };
}
