import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { createRecent } from '../kit/recent.ts';
import { type CardPrices, indexPrice } from '../rating/price-book.ts';
import { bookPrices } from './book-prices.ts';
import { type CardRow, LOAD_CARDS } from './sql/load-cards.ts';

/** The prices of rate cards, all of them, by their ids: of cards that belong to a version of a plan or to a subscription. */
export type CardsOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, CardPrices>>;

/** Mostly a few prices each; a thousand at the most. */
const REMEMBERED_CARDS = 5_000;

/**
 * Such a card never changes, so that it is read once, when somebody's usage is priced by it. The catalogue is
 * without them: there may be one for each customer, and whoever gets one changes nothing for the others.
 */
export function createCards({ direct }: { readonly direct: Queryable }): CardsOf {
  const remembered = createRecent<CardPrices>(REMEMBERED_CARDS);

  return async (ids) => {
    const found = new Map<string, CardPrices>();
    const unknown: string[] = [];
    for (const id of new Set(ids)) {
      const card = remembered.get(id);
      if (card) found.set(id, card);
      else unknown.push(id);
    }
    if (unknown.length === 0) return found;
    for (const row of await direct.query<CardRow>(LOAD_CARDS, [
      arrayLiteral(unknown, (id) => id),
    ])) {
      const card = toCard(row);
      found.set(row.id, card);
      remembered.set(row.id, card);
    }
    const missing = unknown.find((id) => !found.has(id));
    if (missing) throw new Error(`There is no rate card ${missing}.`);
    return found;
  };
}

function toCard({ prices, rates }: CardRow): CardPrices {
  const byMetric = bookPrices(prices, rates);
  return new Map([...byMetric].map(([metricId, of]) => [metricId, of.map(indexPrice)]));
}
