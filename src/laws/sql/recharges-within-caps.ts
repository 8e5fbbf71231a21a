import type { Statement } from '../../infra/db.ts';

/**
 * Law 9: what a rule starts by itself stays within the caps that it was held against, and one at a time. Of each, all that rules
 * of its wallet had started in the period until then, and that had not failed by then, is at most so much money and so many; those before
 * it were over. It is a payment of the same amount.
 */
export const RECHARGES_WITHIN_CAPS: Statement = {
  name: 'laws.recharges_within_caps',
  text: `WITH judged AS (
      SELECT r.payment_id AS id, CASE
        WHEN p.origin <> 'AUTO_RECHARGE' OR p.amount <> r.amount OR p.asset_id <> r.asset_id
          THEN format('a rule has started it with %s, and it is a payment of %s', r.amount, p.amount)
        WHEN used.money > r.max_amount THEN format('with it rules have charged %s where %s was allowed', used.money, r.max_amount)
        WHEN used.times > r.max_count THEN format('it is number %s of a period where %s were allowed', used.times, r.max_count)
        WHEN used.open > 0 THEN 'it was started while another one of its wallet was in flight'
        WHEN (r.ended_at IS NULL) <> (p.status IN ('PENDING', 'AUTHORIZED')) THEN format('it is %s, and its rule thinks otherwise', p.status)
        END AS problem
      FROM auto_recharges r
      JOIN payments p ON p.id = r.payment_id AND p.customer_id = r.customer_id
      CROSS JOIN LATERAL (
        SELECT sum(q.amount) FILTER (WHERE counts AND q.asset_id = r.asset_id AND q.started_at >= r.period_start) AS money,
          count(*) FILTER (WHERE counts AND q.started_at >= r.period_start) AS times,
          count(*) FILTER (WHERE q.started_at < r.started_at AND (q.ended_at IS NULL OR q.ended_at > r.started_at)) AS open
        FROM auto_recharges q
        CROSS JOIN LATERAL (SELECT NOT (q.failed AND q.ended_at <= r.started_at
          AND (q.paid_late_at IS NULL OR q.paid_late_at > r.started_at)) AS counts) c
        WHERE q.wallet_id = r.wallet_id AND q.customer_id = r.customer_id AND (q.started_at, q.payment_id) <= (r.started_at, r.payment_id)
      ) used
    )
    SELECT 'payment' AS noun, id, problem FROM judged WHERE problem IS NOT NULL LIMIT 3`,
};
