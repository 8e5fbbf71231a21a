import type { Statement } from '../../infra/db.ts';

/**
 * What usage that occurred within a time has cost a wallet so far: less what was taken back, and less what prices
 * that have fallen charged too much, given back by now or when their period ends. Parameters: the wallet, from, until,
 * its customer, its asset.
 *
 * Entries are posted in the order of time, so the first that can matter is looked for by halving the
 * sequence; usage is reported five minutes ahead of its time at the most.
 */
export const READ_USAGE: Statement = {
  name: 'subscriptions.read_usage',
  text: `WITH RECURSIVE search (low, high) AS (
      SELECT 0::bigint, last_sequence + 1 FROM wallets WHERE id = $1::uuid
      UNION ALL
      SELECT CASE WHEN e.posted_at < $2::timestamptz - interval '5 minutes' THEN e.sequence ELSE s.low END,
        CASE WHEN e.posted_at < $2::timestamptz - interval '5 minutes' THEN s.high ELSE e.sequence END
      FROM search s
      JOIN ledger_entries e ON e.wallet_id = $1::uuid AND e.sequence = (s.low + s.high) / 2
      WHERE s.high - s.low > 1
    )
    SELECT (
      (SELECT coalesce(sum(CASE WHEN e.credit_account = 'WALLET' THEN -e.amount ELSE e.amount END), 0)
        FROM ledger_entries e
        JOIN usage_events v ON v.id = e.cause_id AND v.customer_id = e.customer_id
        WHERE e.wallet_id = $1::uuid AND e.cause IN ('USAGE', 'CORRECTION')
          AND e.sequence > (SELECT max(low) FROM search)
          AND v.occurred_at >= $2::timestamptz AND v.occurred_at < $3::timestamptz)
      - (SELECT coalesce(sum(c.amount), 0)
        FROM ledger_entries e
        JOIN charge_corrections c ON c.cause_id = e.cause_id AND c.customer_id = e.customer_id
        WHERE e.wallet_id = $1::uuid AND e.cause = 'ADJUSTMENT' AND e.credit_account = 'WALLET'
          AND e.sequence > (SELECT max(low) FROM search)
          AND c.period_start >= $2::timestamptz AND c.period_start < $3::timestamptz)
      - (SELECT coalesce(sum(u.surplus), 0)
        FROM usage_counters u JOIN prices p ON p.id = u.counted_id
        WHERE u.customer_id = $4::uuid AND u.kind = 'PRICE' AND u.period_end > $2::timestamptz
          AND u.period_start >= $2::timestamptz AND u.period_start < $3::timestamptz
          AND u.surplus > 0 AND p.asset_id = $5::uuid)
    )::text AS amount`,
};

/**
 * What was paid into a wallet since something with an id was made, less what was taken back of it. Ids ascend
 * also while a test clock stands still. Parameters: the wallet, the id.
 */
export const READ_PAID_IN: Statement = {
  name: 'subscriptions.read_paid_in',
  text: `SELECT coalesce(sum(g.amount + coalesce((SELECT sum(a.amount) FROM adjustments a
        WHERE a.grant_id = g.id AND a.customer_id = g.customer_id AND a.reason = 'VOID'), 0)), 0)::text AS amount
    FROM credit_grants g
    WHERE g.wallet_id = $1::uuid AND g.purpose = 'PAID' AND g.source_account IN ('CASH', 'ADJUSTMENT')
      AND g.id > $2::uuid`,
};

/**
 * How many subjects have used something since an instant; it counts no further than the third parameter. What occurred
 * then was received since, or five minutes before at the most: this is what the index of the table knows.
 */
export const COUNT_SUBJECTS: Statement = {
  name: 'subscriptions.count_subjects',
  text: `SELECT count(*)::int AS count FROM (
      SELECT DISTINCT subject FROM usage_events
      WHERE customer_id = $1::uuid AND subject IS NOT NULL AND occurred_at >= $2::timestamptz
        AND received_at >= $2::timestamptz - interval '5 minutes'
      LIMIT $3::int
    ) subjects`,
};
