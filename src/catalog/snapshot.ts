import type { Id } from '../kit/ids.ts';
import {
  type BookMetric,
  type Condition,
  createPriceBook,
  type PriceBook,
} from '../rating/price-book.ts';
import type { BurnOrder } from './asset.ts';
import { bookPrices } from './book-prices.ts';
import { loadConversion } from './conversion.ts';
import type { FeatureKind } from './feature.ts';
import type { CatalogueRow } from './sql/load-catalogue.ts';

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

/** An organization's catalogue as of one version; never changes. What only some pay is in `cards.ts`. */
export interface CatalogueSnapshot {
  /** The prices of the default rate card. */
  readonly book: PriceBook;
  readonly assets: ReadonlyMap<Id<'asset'>, SnapshotAsset>;
  readonly features: readonly SnapshotFeature[];
  readonly metricCodes: ReadonlyMap<Id<'metric'>, string>;
}

export function toSnapshot(row: CatalogueRow): CatalogueSnapshot {
  const assets = new Map(
    row.assets.map((asset) => [asset.id as Id<'asset'>, asset as SnapshotAsset]),
  );
  const pricesOf = bookPrices(row.prices, row.rates);
  const metrics = row.metrics.map((metric): BookMetric => {
    const { filter, conversion: stored, id: stringId, ...fields } = metric;
    const id = stringId as Id<'metric'>;
    const conversion = loadConversion(stored);
    const conditions = filter as Condition[];
    return { ...fields, id, conditions, conversion, prices: pricesOf.get(id) ?? [] };
  });
  return {
    book: createPriceBook(Number(row.version), metrics),
    assets,
    features: row.features as readonly SnapshotFeature[],
    metricCodes: new Map(metrics.map((metric) => [metric.id, metric.code])),
  };
}
