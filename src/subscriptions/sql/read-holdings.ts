import type { Statement } from '../../infra/db.ts';

/**
 * Which versions and prices the subscriptions of a customer had and when, as far as usage in an asset goes, and since
 * when a minimum of it is owed, which is in no trial; and the card that everybody pays by. In the order of the
 * subscriptions. Parameters: the customer, the asset.
 */
export const READ_HOLDINGS: Statement = {
  name: 'subscriptions.read_holdings',
  text: `SELECT t.subscription_id, t.effective_from, t.effective_until,
      array_remove(ARRAY[t.override_rate_card_id, v.rate_card_id], NULL) AS cards,
      CASE WHEN v.definition ->> 'asset' = a.code AND v.definition ->> 'minimum' IS NOT NULL
        THEN (SELECT greatest(t.effective_from, min(p.starts_at)) FROM subscription_periods p
          WHERE p.subscription_id = t.subscription_id AND p.customer_id = t.customer_id AND NOT p.is_trial
          HAVING min(p.starts_at) IS NOT NULL) END AS owes_from,
      EXISTS (SELECT FROM prices p WHERE p.asset_id = a.id
        AND p.rate_card_id IN (t.override_rate_card_id, v.rate_card_id)) AS has_prices,
      (SELECT c.id FROM rate_cards c WHERE c.organization_id = t.organization_id AND c.code = 'default') AS default_card
    FROM subscription_terms t JOIN plan_versions v ON v.id = t.plan_version_id JOIN assets a ON a.id = $2::uuid
    WHERE t.customer_id = $1::uuid
    ORDER BY t.subscription_id, t.effective_from`,
};

export interface HoldingRow {
  subscription_id: string;
  effective_from: Date;
  effective_until: Date | null;
  cards: string[];
  owes_from: Date | null;
  has_prices: boolean;
  default_card: string | null;
}
