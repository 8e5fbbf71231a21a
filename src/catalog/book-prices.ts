import { fromEpochMs } from '../kit/clock.ts';
import { groupBy } from '../kit/group-by.ts';
import type { Id } from '../kit/ids.ts';
import type { BookPrice, BookRate } from '../rating/price-book.ts';
import { sliceOf } from '../rating/slice.ts';
import type { PriceJson, RateJson } from './sql/rate-json.ts';
import { loadTerms } from './stored-terms.ts';

/** Stored prices as rating reads them, by the metric that they are of. */
export function bookPrices(
  prices: readonly PriceJson[],
  rates: readonly RateJson[],
): Map<Id<'metric'>, BookPrice[]> {
  const ratesByPrice = groupBy(rates, (rate) => rate.priceId);
  const byMetric = groupBy(prices, ({ metricId }) => metricId as Id<'metric'>);
  const read = (price: PriceJson) => toPrice(price, ratesByPrice.get(price.id) ?? []);
  return new Map([...byMetric].map(([metricId, of]) => [metricId, of.map(read)]));
}

function toPrice(price: PriceJson, rates: readonly RateJson[]): BookPrice {
  return {
    id: price.id as Id<'price'>,
    rateCardId: price.rateCardId as Id<'rateCard'>,
    countedAs: price.countedAs as Id<'price'>,
    assetId: price.assetId as Id<'asset'>,
    assetScale: price.assetScale,
    rates: rates.map(toRate),
  };
}

function toRate(rate: RateJson): BookRate {
  return {
    id: rate.id as Id<'rate'>,
    dimensions: rate.dimensions,
    slice: sliceOf(rate.dimensions),
    ...loadTerms(rate),
    effectiveFrom: rate.effectiveFromMs === null ? null : fromEpochMs(rate.effectiveFromMs),
  };
}
