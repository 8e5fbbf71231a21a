import type { Viewer } from '../../access/viewer.ts';
import type { Tx } from '../../infra/db.ts';
import { insertPrices, insertRateCard, insertRates } from '../store.ts';
import { storeTerms } from '../stored-terms.ts';
import type { PlanDefinition } from './definition.ts';
import type { Names } from './names.ts';
import { pricesOfCard } from './prices-of-card.ts';

interface Card {
  /** With a sign that no card of a caller has in its code. */
  readonly cardCode: string;
  readonly definition: Pick<PlanDefinition, 'prices'>;
  readonly names: Names;
  readonly now: Date;
}

/** Prices as rows, which is how rating reads prices; null when there are none. */
export async function insertCard(
  tx: Tx,
  viewer: Viewer,
  { cardCode, definition, names, now }: Card,
): Promise<string | null> {
  if (definition.prices.length === 0) return null;
  const card = await insertRateCard(tx, viewer, cardCode, now);
  const prices = pricesOfCard(definition, names);
  const keys = prices.map(({ metricId, asset }) => ({ metricId, assetId: asset.id }));
  const priceIds = await insertPrices(tx, viewer, card.id, keys, now);
  const rows = prices.flatMap(({ rates }, at) =>
    rates.map(({ dimensions, terms }) => ({
      priceId: priceIds[at] as string,
      dimensions,
      ...storeTerms(terms),
      // In force whenever the version is: since when that is, its subscriptions say.
      effectiveFrom: null,
    })),
  );
  await insertRates(tx, viewer, rows, now);
  return card.id;
}
