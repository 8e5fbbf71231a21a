import type { Statement } from '../../infra/db.ts';

/**
 * Law 11, what is not a sum: a counter says the largest, the latest or the number of distinct values that
 * events said, or their sum weighted with time. The last is compared to one step for each reading: each
 * stretch of time is rounded by itself, and half-even is not what the database rounds by.
 */
export const COUNTERS_SAY_READINGS: Statement = {
  name: 'laws.counters_say_readings',
  text: `WITH stretched AS (
      SELECT r.*, extract(epoch FROM least(u.period_end, lead(r.occurred_at, 1, u.period_end) OVER (
          PARTITION BY r.customer_id, r.counted_id, r.slice, r.period_start ORDER BY r.occurred_at, r.rank))
        - least(u.period_end, r.occurred_at)) / 3600 AS hours
      FROM usage_readings r JOIN usage_counters u USING (customer_id, counted_id, slice, period_start)
    ), said AS (
      SELECT customer_id, counted_id, slice, period_start, max(value) AS largest, count(DISTINCT key) AS keys,
        (array_agg(value ORDER BY occurred_at DESC, rank DESC))[1] AS latest,
        sum(round(value * hours, 12)) AS weighted, count(*) AS count
      FROM stretched GROUP BY customer_id, counted_id, slice, period_start
    ), judged AS (
      SELECT u.customer_id, u.counted_id, u.slice, u.period_start, u.kind, u.quantity, s.count, m.aggregation,
        coalesce(CASE m.aggregation::text WHEN 'MAX' THEN s.largest WHEN 'UNIQUE' THEN s.keys
          WHEN 'LATEST' THEN s.latest ELSE s.weighted END, 0) AS said
      FROM usage_counters u
      JOIN (SELECT id, metric_id FROM prices UNION ALL SELECT id, metric_id FROM features) p ON p.id = u.counted_id
      JOIN billable_metrics m ON m.id = p.metric_id
      LEFT JOIN said s USING (customer_id, counted_id, slice, period_start)
      WHERE m.aggregation NOT IN ('COUNT', 'SUM')
    )
    SELECT 'customer' AS noun, customer_id AS id, format('%s, %s, from %s: the counter says %s, its events %s',
      CASE kind WHEN 'PRICE' THEN format('price {price:%s}', counted_id) ELSE format('feature {feature:%s}', counted_id) END, coalesce(nullif(slice, ''), '{}'), period_start, trim_scale(quantity), trim_scale(said)) AS problem
    FROM judged
    WHERE abs(quantity - said) > CASE aggregation::text WHEN 'TIME_WEIGHTED_SUM' THEN count * 0.000000000001 ELSE 0 END
    LIMIT 3`,
};
