import { type Exact, LIMIT, ZERO } from '../../kit/decimal.ts';
import { invalid, isRefusal } from '../../kit/refusal.ts';
import { type Estimate, findMetric, rateEstimate } from '../../rating/estimate.ts';
import type { RatedCharge } from '../../rating/rate.ts';
import type { RatingRules } from '../candidate.ts';
import { countedOf } from '../counted.ts';
import type { Situation } from '../decide.ts';
import { priceCounted } from '../price-counted.ts';
import type { HoldRef, RatedEstimate } from './operation.ts';
import type { PlaceRefusal } from './outcome.ts';

/** Rates an estimated quantity by a catalogue. */
export function rateOf(
  { organizationId, customerId }: Pick<HoldRef, 'organizationId' | 'customerId'>,
  { metricId, quantity, properties }: Estimate,
  rules: RatingRules,
  at: Date,
): RatedEstimate {
  const { catalogue, terms } = rules;
  const { book } = catalogue;
  const metric = findMetric(book, metricId);
  if (!metric) throw new Error(`A metric has gone from the catalogue: ${metricId}.`);
  const rated = rateEstimate(book, metric, { quantity, properties }, at, terms.pricesAt(at));
  const event = { organizationId, customerId, occurredAt: at };
  const counted = isRefusal(rated) ? [] : countedOf(event, rated, terms);
  const [catalogueVersion, termsVersion] = [book.version, terms.version];
  return { metricId, quantity, properties, at, rated, counted, catalogueVersion, termsVersion };
}

/** What an estimated quantity would cost in an asset on top of what was used before; or why it cannot be held. */
export function estimateAmount(
  { rated, counted }: RatedEstimate,
  assetId: string,
  counterOf: Situation['counterOf'],
): Exact | PlaceRefusal {
  if (isRefusal(rated)) return rated;
  const priced = priceCounted(rated, counted, counterOf);
  if (isRefusal(priced)) return priced;
  const isInAsset = ({ price }: RatedCharge) => price.assetId === assetId;
  const inAsset = priced.charges.filter(isInAsset);
  if (!rated.some(isInAsset)) {
    const message = 'The metric has no rate in this asset for these properties.';
    return invalid({ path: 'asset', code: 'NOT_ALLOWED', message });
  }
  const amount = inAsset.reduce((sum, charge) => sum + charge.amount, ZERO);
  if (amount === ZERO) {
    const message = 'It costs nothing, so there is nothing to hold.';
    return invalid({ path: 'quantity', code: 'NOT_POSITIVE', message });
  }
  if (amount < LIMIT) return amount;
  const message = 'It would cost more than 26 digits before the decimal point.';
  return invalid({ path: 'quantity', code: 'OUT_OF_RANGE', message });
}
