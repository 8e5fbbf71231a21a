import type { Statement } from '../../infra/db.ts';

/**
 * Law 11. A counter of a price says what its charges counted and cost, less what was taken back of them,
 * slice by slice. Where nothing was, and each event counts for itself, each charge counted on from where
 * another one had ended, from nothing on.
 */
export const COUNTERS_ADD_UP: Statement = {
  name: 'laws.counters_add_up',
  text: `WITH parts AS (
      SELECT c.customer_id, p.counted_as AS price_id, r.dimensions, c.period_start, c.quantity, c.amount,
        c.counted_before, c.usage_event_id
      FROM charges c JOIN rates r ON r.id = c.rate_id JOIN prices p ON p.id = r.price_id
      WHERE c.period_start IS NOT NULL
      UNION ALL
      SELECT customer_id, counted_id, coalesce(nullif(slice, ''), '{}')::jsonb, period_start, -quantity, -amount,
        NULL, cause_id
      FROM charge_corrections WHERE counted_id IS NOT NULL
    ), chained AS (
      SELECT *, sum(quantity) OVER (PARTITION BY customer_id, price_id, dimensions, period_start
          ORDER BY counted_before, usage_event_id) - quantity AS ended
      FROM parts
    ), counted AS (
      SELECT customer_id, price_id, dimensions, period_start, sum(quantity) AS quantity, sum(amount) AS charged,
        CASE WHEN bool_and(counted_before IS NOT NULL)
          THEN min(counted_before) FILTER (WHERE counted_before <> ended) END AS broken
      FROM chained GROUP BY customer_id, price_id, dimensions, period_start
    ), counters AS (
      SELECT u.customer_id, u.counted_id AS price_id, coalesce(nullif(u.slice, ''), '{}')::jsonb AS dimensions,
        u.period_start, u.quantity, u.charged
      FROM usage_counters u WHERE u.kind = 'PRICE'
    ), judged AS (
      SELECT customer_id, price_id, dimensions, period_start, CASE
        WHEN k.quantity IS NULL THEN 'it was counted, and there is no counter'
        WHEN k.quantity <> coalesce(c.quantity, 0) THEN format('the counter says %s, its charges %s',
          trim_scale(k.quantity), trim_scale(coalesce(c.quantity, 0)))
        WHEN k.charged <> coalesce(c.charged, 0) THEN format('the counter says that %s was charged, its charges are %s',
          trim_scale(k.charged), trim_scale(coalesce(c.charged, 0)))
        WHEN m.aggregation IN ('COUNT', 'SUM') AND c.broken IS NOT NULL
          THEN format('no charge had ended at %s, where one began', trim_scale(c.broken))
        END AS problem
      FROM counters k FULL JOIN counted c USING (customer_id, price_id, dimensions, period_start)
      JOIN prices p ON p.id = price_id JOIN billable_metrics m ON m.id = p.metric_id
    )
    SELECT 'customer' AS noun, customer_id AS id,
      format('price {price:%s}, %s, from %s: %s', price_id, dimensions, period_start, problem) AS problem
    FROM judged WHERE problem IS NOT NULL
    LIMIT 3`,
};
