import type { Statement } from '../../infra/db.ts';

/** Whether usage on the card of the price `p` counts. `since` is a column of `k`, `at` is SQL. */
const isCounted = (since: string, at: string) =>
  `EXISTS (SELECT FROM counted k WHERE k.card = p.rate_card_id AND ${at} >= k.${since} AND ${at} < k.until)`;

const IN_PERIOD = (at: string) => `${at} >= $3::timestamptz AND ${at} < $4::timestamptz`;

/** With both ends the planner takes the entries by their keys; `OFFSET 0` has it take their events by theirs. */
const IN_RUN = 'e.sequence > b.low AND e.sequence <= b.high';
export const ITS_EVENT = `CROSS JOIN LATERAL (SELECT v.occurred_at FROM usage_events v
          WHERE v.id = e.cause_id AND v.customer_id = e.customer_id OFFSET 0) v`;

/** What is observed is counted by its readings: parts of a correction are numbered charges first, then readings. */
const OF_CORRECTION = `SELECT coalesce(
      CASE WHEN q.counted_id IS NULL
        THEN (array_agg(r.price_id ORDER BY h.ordinal) FILTER (WHERE m.aggregation IN ('COUNT', 'SUM')))[q.ordinal + 1]
        ELSE (array_agg(r.price_id) FILTER (WHERE p.counted_as = q.counted_id))[1] END,
      (SELECT r.price_id FROM usage_counters u JOIN rates r ON r.id = u.rate_id
        WHERE u.customer_id = q.customer_id AND u.counted_id = q.counted_id AND u.period_start = q.period_start
          AND u.slice = q.slice)) AS price_id
    FROM charges h JOIN rates r ON r.id = h.rate_id JOIN prices p ON p.id = r.price_id
    JOIN billable_metrics m ON m.id = h.metric_id
    WHERE h.usage_event_id = q.cause_id AND h.customer_id = q.customer_id`;

/**
 * What usage that occurred within a time and is priced by certain cards has cost a wallet, by its entries behind one of
 * them: less what was taken back, and less what was given back of prices that have fallen. Beside it what these prices
 * have charged too much and is not given back yet; and up to which entry of the wallet all this is. Parameters: the
 * wallet, behind which entry, from, until, its customer, its asset; side by side, cards, from when and until when
 * usage counts, and from when periods of counters do; and how many entries are enough: what is given back of an event
 * is not taken apart.
 *
 * Entries are posted in the order of time, so the first that can matter is looked for by halving the
 * sequence; usage is reported five minutes ahead of its time at the most.
 */
export const READ_USAGE: Statement = {
  name: 'subscriptions.read_usage',
  text: `WITH RECURSIVE search (low, high) AS (
      SELECT $2::bigint, last_sequence + 1 FROM wallets WHERE id = $1::uuid
      UNION ALL
      SELECT CASE WHEN e.posted_at < $3::timestamptz - interval '5 minutes' THEN e.sequence ELSE s.low END,
        CASE WHEN e.posted_at < $3::timestamptz - interval '5 minutes' THEN s.high ELSE e.sequence END
      FROM search s
      JOIN ledger_entries e ON e.wallet_id = $1::uuid AND e.sequence = (s.low + s.high) / 2
      WHERE s.high - s.low > 1
    ), counted AS (
      SELECT * FROM unnest($7::uuid[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
        AS k (card, since, until, counters_since)
    ), bounds AS MATERIALIZED (
      SELECT low, last, coalesce((SELECT e.sequence FROM ledger_entries e
          WHERE e.wallet_id = $1::uuid AND e.sequence >= low + $11::bigint AND e.cause NOT IN ('CORRECTION', 'REPAYMENT')
          ORDER BY e.sequence LIMIT 1), last) AS high
      FROM (SELECT max(low) AS low FROM search) s, (SELECT last_sequence AS last FROM wallets WHERE id = $1::uuid) w
    )
    SELECT b.high::float8 AS through, b.high = b.last AS is_all, (
      (SELECT coalesce(sum(e.amount), 0)
        FROM ledger_entries e
        ${ITS_EVENT}
        JOIN charges h ON h.usage_event_id = e.cause_id AND h.ordinal = e.charge_ordinal
          AND h.customer_id = e.customer_id
        JOIN rates r ON r.id = h.rate_id JOIN prices p ON p.id = r.price_id
        WHERE e.wallet_id = $1::uuid AND e.cause = 'USAGE' AND ${IN_RUN}
          AND ${IN_PERIOD('v.occurred_at')} AND ${isCounted('since', 'v.occurred_at')})
      - (SELECT coalesce(sum(q.amount), 0)
        FROM (SELECT DISTINCT e.cause_id, e.customer_id FROM ledger_entries e
          WHERE e.wallet_id = $1::uuid AND e.cause = 'CORRECTION'
            AND ${IN_RUN}) e
        ${ITS_EVENT}
        JOIN charge_corrections q ON q.cause_id = e.cause_id AND q.customer_id = e.customer_id
          AND q.wallet_id = $1::uuid
        CROSS JOIN LATERAL (${OF_CORRECTION}) o JOIN prices p ON p.id = o.price_id
        WHERE ${IN_PERIOD('v.occurred_at')} AND ${isCounted('since', 'v.occurred_at')})
      - (SELECT coalesce(sum(q.amount), 0)
        FROM ledger_entries e
        JOIN charge_corrections q ON q.cause_id = e.cause_id AND q.customer_id = e.customer_id
        JOIN usage_counters u ON u.customer_id = q.customer_id AND u.counted_id = q.counted_id
          AND u.period_start = q.period_start AND u.slice = q.slice
        JOIN rates r ON r.id = u.rate_id JOIN prices p ON p.id = r.price_id
        WHERE e.wallet_id = $1::uuid AND e.cause = 'ADJUSTMENT' AND e.credit_account = 'WALLET'
          AND ${IN_RUN}
          AND ${IN_PERIOD('q.period_start')} AND ${isCounted('counters_since', 'q.period_start')})
    )::text AS amount,
    (SELECT coalesce(sum(u.surplus), 0)
      FROM usage_counters u JOIN rates r ON r.id = u.rate_id JOIN prices p ON p.id = r.price_id
      WHERE u.customer_id = $5::uuid AND u.kind = 'PRICE' AND u.period_end > $3::timestamptz
        AND ${IN_PERIOD('u.period_start')} AND u.surplus > 0 AND p.asset_id = $6::uuid
        AND ${isCounted('counters_since', 'u.period_start')})::text AS surplus
    FROM bounds b`,
};

export interface UsageRow {
  through: number;
  is_all: boolean;
  amount: string;
  surplus: string;
}

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
