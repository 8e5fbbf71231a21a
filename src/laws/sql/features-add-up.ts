import type { Statement } from '../../infra/db.ts';

/**
 * Law 11. A counter of a feature says what events count for in it, and what was spent there; what was taken back
 * of them is no longer among the uses. A use is one of a recorded event. Values that stand by themselves are
 * judged by what was said: see `COUNTERS_SAY_READINGS`.
 */
export const FEATURES_ADD_UP: Statement = {
  name: 'laws.features_add_up',
  text: `WITH used AS (
      SELECT customer_id, feature_id AS counted_id, slice, period_start, sum(quantity) AS quantity,
        sum(amount) AS amount, count(*) FILTER (WHERE NOT EXISTS (SELECT FROM usage_events e
          WHERE e.id = usage_event_id AND e.customer_id = f.customer_id)) AS unknown
      FROM feature_uses f GROUP BY customer_id, feature_id, slice, period_start
    ), counters AS (
      SELECT u.customer_id, u.counted_id, u.slice, u.period_start, u.quantity, u.charged, m.aggregation
      FROM usage_counters u JOIN features f ON f.id = u.counted_id JOIN billable_metrics m ON m.id = f.metric_id
    ), judged AS (
      SELECT customer_id, counted_id, slice, period_start, CASE
        WHEN c.quantity IS NULL THEN 'it was used, and there is no counter'
        WHEN u.unknown > 0 THEN 'it was used by events that are not recorded'
        WHEN c.aggregation IN ('COUNT', 'SUM') AND c.quantity <> coalesce(u.quantity, 0)
          THEN format('the counter says %s, its events %s', trim_scale(c.quantity), trim_scale(coalesce(u.quantity, 0)))
        WHEN c.charged <> coalesce(u.amount, 0)
          THEN format('the counter says that %s was spent, its events %s', trim_scale(c.charged),
            trim_scale(coalesce(u.amount, 0)))
        END AS problem
      FROM counters c FULL JOIN used u USING (customer_id, counted_id, slice, period_start)
    )
    SELECT 'customer' AS noun, customer_id AS id,
      format('feature {feature:%s}, %s, from %s: %s', counted_id, slice, period_start, problem) AS problem
    FROM judged WHERE problem IS NOT NULL
    LIMIT 3`,
};
