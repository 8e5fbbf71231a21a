import type { Statement } from '../../infra/db.ts';

/**
 * Law 6, without the order: what a grant holds stays between nothing and its amount after each entry; it
 * pays only for usage that occurred while it was in force (reported ahead of time counts as when it was
 * booked) and that its scope names; adjustments, repayments and subscriptions draw general grants in force;
 * nothing expires, or goes on into another grant, before its time. What was set aside of a grant may pay also for
 * what occurred after that expired.
 *
 * Parameter: the longest settlement window, in seconds. A grant pays for late usage while its
 * organization's window is open; the window may have been changed since and former ones are not stored,
 * so what is judged is that a late draw was within the longest window there can be. What was booked to
 * breakage cannot be drawn: it would take the remainder below zero.
 */
export const GRANTS_IN_TIME: Statement = {
  name: 'laws.grants_in_time',
  text: `WITH moves AS (
      SELECT e.wallet_id, e.customer_id, e.sequence, e.cause, e.cause_id, e.charge_ordinal, e.grant_id,
        e.posted_at, e.debit_account = 'WALLET' AS draws,
        sum(CASE WHEN e.credit_account = 'WALLET' THEN e.amount ELSE -e.amount END)
          OVER (PARTITION BY e.grant_id ORDER BY e.sequence) AS remaining
      FROM ledger_entries e WHERE e.grant_id IS NOT NULL
    ), judged AS (
      SELECT e.wallet_id, e.sequence, e.grant_id, CASE
        WHEN e.remaining < 0 OR e.remaining > g.amount THEN format('leaves %s of its %s', trim_scale(e.remaining),
          trim_scale(g.amount))
        WHEN e.cause = 'EXPIRY' AND (g.expires_at IS NULL OR e.posted_at < g.expires_at)
          THEN 'books it to breakage before it expired'
        WHEN e.cause = 'ROLLOVER' AND (g.expires_at IS NULL OR e.posted_at < g.expires_at)
          THEN 'has it go on before it expired'
        WHEN NOT e.draws OR e.cause NOT IN ('USAGE', 'ADJUSTMENT', 'REPAYMENT', 'RELEASE', 'SUBSCRIPTION') THEN NULL
        WHEN least(v.occurred_at, e.posted_at) < g.effective_at THEN 'draws it before it was effective'
        WHEN least(v.occurred_at, e.posted_at) >= g.expires_at AND h.usage_event_id IS NULL
          THEN 'draws it after it expired'
        WHEN e.posted_at >= g.expires_at + make_interval(secs => $1::int)
          THEN 'draws it after the longest settlement window'
        WHEN cardinality(g.scope_metrics) > 0 AND NOT coalesce(m.code = ANY (g.scope_metrics), false)
          THEN format('draws it for %s, which it is not for', coalesce(m.code, e.cause::text))
        END AS problem
      FROM moves e
      JOIN credit_grants g ON g.id = e.grant_id AND g.customer_id = e.customer_id
      LEFT JOIN usage_events v ON e.cause = 'USAGE' AND v.id = e.cause_id AND v.customer_id = e.customer_id
      LEFT JOIN charges c ON e.cause = 'USAGE' AND c.usage_event_id = e.cause_id
        AND c.ordinal = e.charge_ordinal AND c.customer_id = e.customer_id
      LEFT JOIN billable_metrics m ON m.id = c.metric_id
      LEFT JOIN hold_captures h ON e.cause = 'USAGE' AND h.usage_event_id = e.cause_id
        AND h.customer_id = e.customer_id AND NOT h.late
    )
    SELECT 'grant' AS noun, grant_id AS id, format('entry %s of {wallet:%s} %s', sequence, wallet_id, problem) AS problem
    FROM judged WHERE problem IS NOT NULL
    ORDER BY wallet_id, sequence
    LIMIT 3`,
};
