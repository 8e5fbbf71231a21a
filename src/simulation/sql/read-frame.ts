import type { Statement } from '../../infra/db.ts';

/**
 * For this transaction only: whatever plan is best for whole tables, and no statement that goes on for ever. Its
 * connection is one of those that otherwise look rows up by key. Parameter: milliseconds.
 */
export const TAKE_TIME: Statement = {
  name: 'simulation.take_time',
  text: `SELECT set_config('statement_timeout', $1::text, true), set_config('work_mem', '32MB', true),
      set_config('plan_cache_mode', 'auto', true), set_config('jit', 'off', true), set_config('enable_seqscan', 'on', true),
      set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true)`,
};

/** The latest time that it is by the test clocks of an organization; null without one. Parameter: organization. */
export const LATEST_TEST_TIME: Statement = {
  name: 'simulation.latest_test_time',
  text: 'SELECT max(t.now) AS latest FROM test_clocks t WHERE t.organization_id = $1::uuid',
};

/**
 * What was given back when periods ended, of those that ended in a span. Parameters: organization, customer (null for
 * all), the span.
 */
export const READ_GIVEN_BACK: Statement = {
  name: 'simulation.read_given_back',
  text: `SELECT u.customer_id, p.metric_id, p.asset_id, sum(b.amount)::text AS amount
    FROM charge_corrections b
    JOIN adjustments a ON a.id = b.cause_id AND a.customer_id = b.customer_id
    JOIN usage_counters u ON u.customer_id = b.customer_id AND u.counted_id = b.counted_id AND u.slice = b.slice
      AND u.period_start = b.period_start
    JOIN prices p ON p.id = b.counted_id
    WHERE b.organization_id = $1::uuid AND ($2::uuid IS NULL OR b.customer_id = $2::uuid)
      AND u.period_end > $3::timestamptz AND u.period_end <= $4::timestamptz
    GROUP BY u.customer_id, p.metric_id, p.asset_id`,
};

export interface GivenBackRow {
  customer_id: string;
  metric_id: string;
  asset_id: string;
  amount: string;
}
