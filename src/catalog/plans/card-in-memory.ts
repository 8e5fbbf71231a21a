import { groupBy } from '../../kit/group-by.ts';
import { type Id, newId } from '../../kit/ids.ts';
import { type BookRate, type CardPrices, indexPrice } from '../../rating/price-book.ts';
import { sliceOf } from '../../rating/slice.ts';
import type { PlanDefinition, PriceDefinition } from './definition.ts';
import type { Names } from './names.ts';
import { pricesOfCard } from './prices-of-card.ts';

/** A rate card that is stored nowhere. */
export interface CardInMemory {
  readonly id: Id<'rateCard'>;
  readonly prices: CardPrices;
}

/** The card that a version has or would get once it is published, as rating reads it. Its ids are its own. */
export function cardInMemory(
  definition: Pick<PlanDefinition, 'prices'>,
  names: Names,
): CardInMemory {
  const id = newId('rateCard');
  const prices = pricesOfCard(definition, names).map(({ metricId, asset, rates }) => {
    const priceId = newId('price');
    const price = indexPrice({
      id: priceId,
      rateCardId: id,
      countedAs: priceId,
      assetId: asset.id as Id<'asset'>,
      assetScale: asset.scale,
      rates: rates.map(toRate),
    });
    return { metricId, price };
  });
  const byMetric = groupBy(prices, ({ metricId }) => metricId);
  return {
    id,
    prices: new Map([...byMetric].map(([metric, of]) => [metric, of.map(({ price }) => price)])),
  };
}

function toRate({ dimensions, terms }: PriceDefinition): BookRate {
  const slice = sliceOf(dimensions);
  return { id: newId('rate'), dimensions, slice, ...terms, effectiveFrom: null };
}
