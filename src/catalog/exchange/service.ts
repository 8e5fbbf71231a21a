import type { Viewer } from '../../access/viewer.ts';
import type { CatalogRoom } from '../change.ts';
import { createExchangeRate } from './create.ts';
import type { CreateExchangeRateInput } from './definition.ts';
import { findExchangeQuote, type QuoteExchangeInput } from './find-quote.ts';
import { createExchangeReads } from './store.ts';

/** What assets are worth in each other, and when. Charges do not ask it: they draw what a price is in. */
export function createExchange(room: CatalogRoom) {
  return {
    ...createExchangeReads(room.db),
    createExchangeRate: (viewer: Viewer, input: CreateExchangeRateInput) =>
      createExchangeRate(room, viewer, input),
    quoteExchange: (viewer: Viewer, input: QuoteExchangeInput) =>
      findExchangeQuote(room, viewer, input),
  };
}
