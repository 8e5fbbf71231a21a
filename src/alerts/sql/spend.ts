import type { Statement } from '../../infra/db.ts';

/**
 * Adds to what wallets spent in the step of now. Parameters, in columns: $1 organizations, $2 customers,
 * $3 wallets, $4 amounts; $5 the beginning of the step. More than a column can hold is as good as the most
 * that it can: a charge does not fail for what is only measured.
 */
export const ADD_SPEND: Statement = {
  name: 'alerts.add_spend',
  text: `INSERT INTO alert_spend AS s (organization_id, customer_id, wallet_id, bucket_start, amount)
    SELECT k.organization_id, k.customer_id, k.wallet_id, $5::timestamptz, k.amount
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::numeric[])
      AS k (organization_id, customer_id, wallet_id, amount)
    ON CONFLICT (wallet_id, bucket_start, customer_id)
      DO UPDATE SET amount = least(s.amount + excluded.amount, 99999999999999999999999999)`,
};

/** What wallets spent, step by step. Parameters: wallet ids; the instant from which on it matters. */
export const READ_SPEND: Statement = {
  name: 'alerts.read_spend',
  text: `SELECT k.wallet_id,
      (SELECT extract(epoch FROM s.bucket_start)::float8 * 1000 FROM alert_spend s
        WHERE s.wallet_id = k.wallet_id ORDER BY s.bucket_start LIMIT 1) AS since_ms,
      (SELECT json_agg(json_build_array(extract(epoch FROM s.bucket_start)::float8 * 1000, s.amount::text)
          ORDER BY s.bucket_start)
        FROM alert_spend s WHERE s.wallet_id = k.wallet_id AND s.bucket_start >= $2::timestamptz
      ) AS buckets
    FROM unnest($1::uuid[]) AS k (wallet_id)`,
};

/**
 * Removes what no rule looks back to any more, but for customers with a test clock. Parameter: the instant
 * before which that is.
 */
export const FORGET_SPEND: Statement = {
  name: 'alerts.forget_spend',
  text: `DELETE FROM alert_spend s WHERE s.bucket_start < $1::timestamptz
    AND NOT EXISTS (SELECT 1 FROM wallets w WHERE w.id = s.wallet_id AND w.customer_id = s.customer_id
      AND w.test_clock_id IS NOT NULL)`,
};

/** The same for these, by their clocks. Parameter: how many milliseconds before their now that is. */
export const FORGET_SPEND_OF_CLOCKS: Statement = {
  name: 'alerts.forget_spend_of_clocks',
  text: `DELETE FROM alert_spend s USING wallets w, test_clocks t
    WHERE w.id = s.wallet_id AND w.customer_id = s.customer_id AND t.id = w.test_clock_id
      AND s.bucket_start < t.now - $1::int8 * interval '1 millisecond'`,
};

export interface SpendRow {
  wallet_id: string;
  since_ms: number | null;
  buckets: [startMs: number, amount: string][] | null;
}
