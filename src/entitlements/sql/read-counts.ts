import type { Statement } from '../../infra/db.ts';

/** What was counted of customers in periods that usage may still be of. Parameters: customer ids, the end of the oldest. */
export const READ_COUNTS: Statement = {
  name: 'entitlements.read_counts',
  text: `SELECT u.customer_id, u.counted_id, u.slice, extract(epoch FROM u.period_start)::float8 * 1000 AS start_ms,
      u.quantity::text AS quantity, u.charged::text AS charged
    FROM usage_counters u JOIN customers c ON c.id = u.customer_id
    WHERE u.customer_id = ANY ($1::uuid[])
      AND (c.test_clock_id IS NOT NULL OR u.period_end > $2::timestamptz)`,
};

export interface CountRow {
  customer_id: string;
  counted_id: string;
  slice: string;
  start_ms: number;
  quantity: string;
  charged: string;
}
