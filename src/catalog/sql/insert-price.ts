import type { Statement } from '../../infra/db.ts';

/**
 * A price of the default card counts under itself. On any other card it counts under the first of its metric in its
 * asset, so that who changes between plans or contracts counts on. Parameters: id, organization, card, metric, asset,
 * now.
 */
export const INSERT_PRICE: Statement = {
  name: 'catalog.insert_price',
  text: `INSERT INTO prices (id, organization_id, rate_card_id, metric_id, asset_id, counted_as, created_at)
    SELECT $1::uuid, $2::uuid, card.id, $4::uuid, $5::uuid,
      coalesce(CASE WHEN card.code <> 'default' THEN (
        SELECT p.counted_as FROM prices p JOIN rate_cards c ON c.id = p.rate_card_id AND c.code <> 'default'
        WHERE p.metric_id = $4::uuid AND p.asset_id = $5::uuid ORDER BY p.id LIMIT 1) END, $1::uuid),
      $6::timestamptz
    FROM rate_cards card WHERE card.id = $3::uuid`,
};
