import type { Statement } from '../../infra/db.ts';

/**
 * What was counted of customers: for prices in periods that usage may still be of, by a test clock in any, and of
 * features in the spans that are not over. Parameters: customer ids, the end of the oldest period, the server's time.
 */
export const READ_COUNTS: Statement = {
  name: 'entitlements.read_counts',
  text: `SELECT u.customer_id, u.counted_id, u.slice, extract(epoch FROM u.period_start)::float8 * 1000 AS start_ms,
      u.quantity::text AS quantity, u.charged::text AS charged
    FROM customers c LEFT JOIN test_clocks t ON t.id = c.test_clock_id
    CROSS JOIN LATERAL (
      SELECT * FROM usage_counters WHERE customer_id = c.id AND kind = 'PRICE'
        AND (c.test_clock_id IS NOT NULL OR period_end > $2::timestamptz)
      UNION ALL
      SELECT * FROM usage_counters WHERE customer_id = c.id AND kind = 'FEATURE'
        AND period_end > coalesce(t.now, $3::timestamptz)
    ) u
    WHERE c.id = ANY ($1::uuid[])`,
};

/**
 * What single subjects used of features. Parameters, in columns: customers, features, starts of spans, slices.
 */
export const READ_SUBJECT_COUNTS: Statement = {
  name: 'entitlements.read_subject_counts',
  text: `SELECT u.customer_id, u.counted_id, u.slice, k.start_ms, u.quantity::text AS quantity, u.charged::text AS charged
    FROM unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[]) AS k (customer_id, feature_id, start_ms, slice)
    JOIN usage_counters u ON u.customer_id = k.customer_id AND u.counted_id = k.feature_id
      AND u.period_start = to_timestamp(k.start_ms / 1000) AND u.slice = k.slice`,
};

export interface CountRow {
  customer_id: string;
  counted_id: string;
  slice: string;
  start_ms: number;
  quantity: string;
  charged: string;
}
