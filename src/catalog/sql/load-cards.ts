import type { Statement } from '../../infra/db.ts';
import { PRICE_JSON, type PriceJson, RATE_JSON, type RateJson } from './rate-json.ts';

export interface CardRow {
  readonly id: string;
  readonly prices: readonly PriceJson[];
  readonly rates: readonly RateJson[];
}

/** The prices of rate cards, with all of their rates. Parameter: their ids. */
export const LOAD_CARDS: Statement = {
  name: 'catalog.load_cards',
  text: `SELECT card.id,
  (SELECT coalesce(json_agg(${PRICE_JSON} ORDER BY p.id), '[]')
    FROM prices p JOIN assets a ON a.id = p.asset_id WHERE p.rate_card_id = card.id) AS prices,
  (SELECT coalesce(json_agg(${RATE_JSON} ORDER BY r.id), '[]')
    FROM prices p JOIN rates r ON r.price_id = p.id WHERE p.rate_card_id = card.id) AS rates
FROM rate_cards card WHERE card.id = ANY ($1::uuid[])`,
};
