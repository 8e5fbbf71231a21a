import type { Statement } from '../../infra/db.ts';

/**
 * What the charges of a counter drew, the latest first, but for those of one event. Parameters: wallet,
 * customer, the price it is counted under, dimensions, start of the period, the event, how many at most.
 *
 * Entries are posted in the order of time, and usage is reported five minutes ahead of its time at the most: the
 * first that can be of the period is looked for by halving the sequence, so that a counter of few charges does
 * not walk through all that the wallet ever paid.
 */
export const READ_COUNTER_DRAWS: Statement = {
  name: 'usage.read_counter_draws',
  text: `WITH RECURSIVE search (low, high) AS (
      SELECT 0::bigint, last_sequence + 1 FROM wallets WHERE id = $1::uuid
      UNION ALL
      SELECT CASE WHEN e.posted_at < $5::timestamptz - interval '5 minutes' THEN e.sequence ELSE s.low END,
        CASE WHEN e.posted_at < $5::timestamptz - interval '5 minutes' THEN s.high ELSE e.sequence END
      FROM search s
      CROSS JOIN LATERAL (SELECT sequence, posted_at FROM ledger_entries
        WHERE wallet_id = $1::uuid AND sequence = (s.low + s.high) / 2 OFFSET 0) e
      WHERE s.high - s.low > 1
    )
    SELECT e.grant_id, e.amount::text AS amount
    FROM ledger_entries e
    JOIN charges c ON c.usage_event_id = e.cause_id AND c.ordinal = e.charge_ordinal AND c.customer_id = e.customer_id
    JOIN rates r ON r.id = c.rate_id
    JOIN prices p ON p.id = r.price_id
    WHERE e.wallet_id = $1::uuid AND e.customer_id = $2::uuid AND e.cause = 'USAGE'
      AND e.sequence > (SELECT max(low) FROM search) AND p.counted_as = $3::uuid
      AND r.dimensions = $4::jsonb AND c.period_start = $5::timestamptz AND e.cause_id <> $6::uuid
    ORDER BY e.sequence DESC LIMIT $7::int`,
};
