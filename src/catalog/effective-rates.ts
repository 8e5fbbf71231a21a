import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import type { Id } from '../kit/ids.ts';
import type { Invalid } from '../kit/refusal.ts';
import { findRate } from '../rating/rate-index.ts';
import type { CatalogRoom } from './change.ts';
import { readDimensions } from './dimensions.ts';
import { findMetric } from './store.ts';

export interface EffectiveRatesQuery {
  /** A code or a TypeID. */
  readonly metric: string;
  readonly dimensions?: unknown;
  readonly at?: unknown;
}

/**
 * The ids of the rates that would price usage of a metric: one for each asset the metric is charged in
 * whose rates cover the dimensions. Asks the same index that charges do.
 */
export async function findEffectiveRates(
  { db, clock, books }: CatalogRoom,
  viewer: Viewer,
  query: EffectiveRatesQuery,
): Promise<{ readonly rateIds: readonly Id<'rate'>[] } | Invalid> {
  const check = createChecker();
  const dimensions = readDimensions(check, 'dimensions', query.dimensions);
  const at = check.instant('at', query.at) ?? clock.now();
  const fault = check.fault();
  if (fault) return fault;
  const metric = await findMetric(db, viewer, query.metric);
  if (!metric) return { rateIds: [] };
  const { book } = await books.fresh(viewer.organizationId);
  const indexed = book.metricsByEventType
    .get(metric.eventType)
    ?.find((candidate) => candidate.id === metric.id);
  const prices = indexed?.prices ?? [];
  return { rateIds: prices.flatMap((price) => findRate(price.index, dimensions, at)?.id ?? []) };
}
