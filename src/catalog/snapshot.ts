import { fromEpochMs } from '../kit/clock.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import {
  type BookMetric,
  type BookPrice,
  type BookRate,
  type CardPrices,
  type Condition,
  createPriceBook,
  indexPrice,
  type PriceBook,
} from '../rating/price-book.ts';
import { sliceOf } from '../rating/slice.ts';
import type { BurnOrder } from './asset.ts';
import { loadConversion } from './conversion.ts';
import type { FeatureKind } from './feature.ts';
import type { CatalogueRow } from './sql/load-catalogue.ts';
import { loadTerms } from './stored-terms.ts';

export interface SnapshotAsset {
  readonly id: Id<'asset'>;
  readonly code: string;
  readonly scale: number;
  readonly burnOrder: BurnOrder;
}

export interface SnapshotFeature {
  readonly id: Id<'feature'>;
  readonly code: string;
  readonly kind: FeatureKind;
  /** Whose quantity is counted; null unless it is METERED. */
  readonly metricId: Id<'metric'> | null;
}

/** An organization's catalogue as of one version; never changes. */
export interface CatalogueSnapshot {
  /** The prices of the default rate card. */
  readonly book: PriceBook;
  /** The prices of the others. */
  readonly cards: ReadonlyMap<Id<'rateCard'>, CardPrices>;
  readonly assets: ReadonlyMap<Id<'asset'>, SnapshotAsset>;
  readonly features: readonly SnapshotFeature[];
  readonly metricCodes: ReadonlyMap<Id<'metric'>, string>;
}

export function toSnapshot(row: CatalogueRow): CatalogueSnapshot {
  const assets = new Map(
    row.assets.map((asset) => [asset.id as Id<'asset'>, asset as SnapshotAsset]),
  );
  const ratesByPrice = groupBy(row.rates, (rate) => rate.priceId);
  const prices = row.prices.map((price) => ({
    ...price,
    book: toPrice(price, assets, ratesByPrice.get(price.id) ?? []),
  }));
  const byDefault = groupBy(
    prices.filter((price) => price.isDefault),
    (price) => price.metricId,
  );
  const metrics = row.metrics.map((metric): BookMetric => {
    const { filter, conversion: stored, id, ...fields } = metric;
    const conversion = loadConversion(stored);
    const ownPrices = (byDefault.get(id) ?? []).map(({ book }) => book);
    const conditions = filter as Condition[];
    return { ...fields, id: id as Id<'metric'>, conditions, conversion, prices: ownPrices };
  });
  return {
    book: createPriceBook(Number(row.version), metrics),
    cards: cardsOf(prices.filter((price) => !price.isDefault)),
    assets,
    features: row.features as readonly SnapshotFeature[],
    metricCodes: new Map(metrics.map((metric) => [metric.id, metric.code])),
  };
}

interface PricedMetric {
  readonly metricId: string;
  readonly book: BookPrice;
}

function cardsOf(prices: readonly PricedMetric[]): CatalogueSnapshot['cards'] {
  const byCard = groupBy(prices, ({ book }) => book.rateCardId);
  return new Map([...byCard].map(([id, onCard]) => [id, pricesByMetric(onCard)]));
}

function pricesByMetric(prices: readonly PricedMetric[]): CardPrices {
  const byMetric = groupBy(prices, ({ metricId }) => metricId as Id<'metric'>);
  return new Map([...byMetric].map(([id, of]) => [id, of.map(({ book }) => indexPrice(book))]));
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
    rateCardId: price.rateCardId as Id<'rateCard'>,
    countedAs: price.countedAs as Id<'price'>,
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
