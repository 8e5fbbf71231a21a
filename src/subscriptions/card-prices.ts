import type { CatalogueSnapshot } from '../catalog/snapshot.ts';
import type { CardPrices } from '../rating/price-book.ts';
import { type CustomerTerms, NO_TERMS } from './terms.ts';

const NO_CARDS: readonly CardPrices[] = [];

/**
 * The prices that come before those of the default card. A card that the catalogue does not have was made since
 * it was loaded: the batch finds that the catalogue has changed.
 */
export function cardPrices(
  at: Date,
  { cards }: CatalogueSnapshot,
  terms: CustomerTerms,
): readonly CardPrices[] {
  if (terms === NO_TERMS) return NO_CARDS;
  return terms.cardsAt(at).flatMap((id) => cards.get(id) ?? []);
}
