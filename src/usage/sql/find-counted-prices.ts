import type { Statement } from '../../infra/db.ts';

/**
 * The prices of a metric that something was counted for. By the counters of the customer, of whom there are few,
 * and not by the prices, of which each plan and each contract has its own. Parameters: customer, metric, an
 * instant of the period.
 */
export const FIND_COUNTED_PRICES: Statement = {
  name: 'usage.find_counted_prices',
  text: `SELECT DISTINCT p.id FROM usage_counters u JOIN prices p ON p.id = u.counted_id
    WHERE u.customer_id = $1::uuid AND u.kind = 'PRICE' AND u.period_end > $3::timestamptz
      AND u.period_start <= $3::timestamptz AND p.metric_id = $2::uuid`,
};
