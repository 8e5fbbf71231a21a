import type { Statement } from '../../infra/db.ts';

/**
 * Prices of one card, each of another metric or in another asset. A price of the default card counts under itself. On
 * any other card it counts under the first of its metric in its asset, so that who changes between plans or contracts
 * counts on: that one is on another card, so that none of these is needed to find it. Parameters: organization, card,
 * now; in columns: ids, metrics, assets.
 */
export const INSERT_PRICES: Statement = {
  name: 'catalog.insert_prices',
  text: `INSERT INTO prices (id, organization_id, rate_card_id, metric_id, asset_id, counted_as, created_at)
    SELECT k.id, $1::uuid, card.id, k.metric_id, k.asset_id,
      coalesce(CASE WHEN card.code <> 'default' THEN (
        SELECT p.counted_as FROM prices p JOIN rate_cards c ON c.id = p.rate_card_id AND c.code <> 'default'
        WHERE p.metric_id = k.metric_id AND p.asset_id = k.asset_id ORDER BY p.id LIMIT 1) END, k.id),
      $3::timestamptz
    FROM rate_cards card CROSS JOIN unnest($4::uuid[], $5::uuid[], $6::uuid[]) AS k (id, metric_id, asset_id)
    WHERE card.id = $2::uuid`,
};
