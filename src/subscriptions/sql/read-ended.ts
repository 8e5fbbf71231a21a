import type { Statement } from '../../infra/db.ts';

/**
 * The period of a subscription that has ended and owes a minimum, and the wallet that pays it; not locked. Parameters:
 * the subscription, now.
 */
export const READ_ENDED: Statement = {
  name: 'subscriptions.read_ended',
  text: `SELECT s.customer_id, s.period_start, s.period_end, w.id AS wallet_id, w.asset_id
    FROM subscriptions s JOIN plan_versions v ON v.id = s.plan_version_id
    JOIN assets a ON a.organization_id = s.organization_id AND a.code = v.definition ->> 'asset'
    JOIN wallets w ON w.customer_id = s.customer_id AND w.asset_id = a.id AND w.name = 'default'
    WHERE s.id = $1::uuid AND s.status IN ('ACTIVE', 'PAST_DUE') AND s.period_end <= $2::timestamptz
      AND EXISTS (SELECT FROM subscription_terms t JOIN plan_versions m ON m.id = t.plan_version_id
        WHERE t.subscription_id = s.id AND t.customer_id = s.customer_id AND t.effective_from < s.period_end
          AND coalesce(t.effective_until, s.period_end) > s.period_start AND m.definition ->> 'minimum' IS NOT NULL)`,
};

export interface EndedRow {
  customer_id: string;
  period_start: Date;
  period_end: Date;
  wallet_id: string;
  asset_id: string;
}
