import type { Statement } from '../../infra/db.ts';

/**
 * The period of a subscription that owes a minimum and has ended, or is about to be ended; up to when it has come; and
 * the wallet that pays it. Not locked. Parameters: the subscription, its organization, its customer (null for any), now by
 * the server's time, whether one counts that has not ended.
 */
export const READ_OWING: Statement = {
  name: 'subscriptions.read_owing',
  text: `SELECT s.customer_id, s.period_start, s.period_end, w.id AS wallet_id, w.asset_id, least(s.period_end, k.now) AS until
    FROM subscriptions s
    CROSS JOIN LATERAL (SELECT coalesce((SELECT t.now FROM test_clocks t WHERE t.id = s.test_clock_id), $4::timestamptz) AS now) k
    JOIN plan_versions v ON v.id = s.plan_version_id
    JOIN assets a ON a.organization_id = s.organization_id AND a.code = v.definition ->> 'asset'
    JOIN wallets w ON w.customer_id = s.customer_id AND w.asset_id = a.id AND w.name = 'default'
    WHERE s.id = $1::uuid AND s.organization_id = $2::uuid AND ($3::uuid IS NULL OR s.customer_id = $3::uuid)
      AND s.status IN ('ACTIVE', 'PAST_DUE', 'PAUSED') AND (s.period_end <= k.now OR $5::boolean)
      AND EXISTS (SELECT FROM subscription_terms t JOIN plan_versions m ON m.id = t.plan_version_id
        WHERE t.subscription_id = s.id AND t.customer_id = s.customer_id AND t.effective_from < s.period_end
          AND coalesce(t.effective_until, s.period_end) > s.period_start AND m.definition ->> 'minimum' IS NOT NULL)`,
};

export interface OwingRow {
  customer_id: string;
  period_start: Date;
  period_end: Date;
  until: Date;
  wallet_id: string;
  asset_id: string;
}
