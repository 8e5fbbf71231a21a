import type { CatalogueSnapshot } from '../../catalog/snapshot.ts';
import { type Exact, LIMIT, ZERO } from '../../kit/decimal.ts';
import { invalid, isRefusal, notFound } from '../../kit/refusal.ts';
import { type Estimate, findMetric, rateEstimate } from '../../rating/estimate.ts';
import type { PlaceRefusal } from './outcome.ts';

/** What an estimated quantity would cost in an asset, by a catalogue; or why it cannot be held. */
export function estimateAmount(
  { book }: Pick<CatalogueSnapshot, 'book'>,
  estimate: Estimate,
  assetId: string,
  now: Date,
): Exact | PlaceRefusal {
  const metric = findMetric(book, estimate.metricId);
  if (!metric) return notFound('metric', 'BillableMetric', estimate.metricId);
  const rated = rateEstimate(book, metric, estimate, now);
  if (isRefusal(rated)) return rated;
  const inAsset = rated.filter(({ price }) => price.assetId === assetId);
  const amount = inAsset.reduce((sum, charge) => sum + charge.amount, ZERO);
  if (inAsset.length === 0) {
    const message = 'The metric has no rate in this asset for these properties.';
    return invalid({ path: 'asset', code: 'NOT_ALLOWED', message });
  }
  if (amount === ZERO) {
    const message = 'It costs nothing, so there is nothing to hold.';
    return invalid({ path: 'quantity', code: 'NOT_POSITIVE', message });
  }
  if (amount < LIMIT) return amount;
  const message = 'It would cost more than 26 digits before the decimal point.';
  return invalid({ path: 'quantity', code: 'OUT_OF_RANGE', message });
}
