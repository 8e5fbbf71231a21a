import type { CatalogueSnapshot, SnapshotAsset, SnapshotFeature } from '../catalog/snapshot.ts';
import { groupBy } from '../kit/group-by.ts';
import { type Id, toTypeId } from '../kit/ids.ts';
import type { IndexedMetric } from '../rating/price-book.ts';

/** What a catalogue calls by a code or a TypeID; metrics also by their stored id. */
export interface CatalogueNames {
  readonly metrics: ReadonlyMap<string, IndexedMetric>;
  readonly assets: ReadonlyMap<string, SnapshotAsset>;
  readonly features: ReadonlyMap<string, SnapshotFeature>;
  /** The features that are metered by a metric. */
  readonly meteredBy: ReadonlyMap<Id<'metric'> | null, readonly SnapshotFeature[]>;
}

const known = new WeakMap<CatalogueSnapshot, CatalogueNames>();

/** Made once for each catalogue that checks were decided by. */
export function namesOf(catalogue: CatalogueSnapshot): CatalogueNames {
  const found = known.get(catalogue);
  if (found) return found;
  const metrics = new Map<string, IndexedMetric>();
  for (const metric of [...catalogue.book.metricsByEventType.values()].flat()) {
    metrics.set(metric.code, metric).set(toTypeId('metric', metric.id), metric);
    metrics.set(metric.id, metric);
  }
  const assets = new Map<string, SnapshotAsset>();
  for (const asset of catalogue.assets.values()) {
    assets.set(asset.code, asset).set(toTypeId('asset', asset.id), asset);
  }
  const features = new Map<string, SnapshotFeature>();
  for (const feature of catalogue.features) {
    features.set(feature.code, feature).set(toTypeId('feature', feature.id), feature);
  }
  const meteredBy = groupBy(catalogue.features, ({ metricId }) => metricId);
  const names = { metrics, assets, features, meteredBy };
  known.set(catalogue, names);
  return names;
}
