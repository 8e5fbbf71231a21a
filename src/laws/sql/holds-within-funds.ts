import type { Statement } from '../../infra/db.ts';

/**
 * Law 12, of what open holds set aside together: of no grant more than it has left, and with the debt no more of
 * the overdraft than the policy allows. Whoever draws what a hold that is past its time had set aside books its
 * end in the same transaction, so the rows alone say it.
 *
 * A policy may be tightened after something was set aside of the overdraft; so that is judged where some of it was
 * set aside behind the last entry under a former policy. In the same way a refund or a dispute may make a debt of what was spent
 * after something was set aside of the overdraft.
 */
export const HOLDS_WITHIN_FUNDS: Statement = {
  name: 'laws.holds_within_funds',
  text: `WITH allocated AS (
      SELECT h.customer_id, h.wallet_id, (a ->> 0)::uuid AS grant_id, sum((a ->> 1)::numeric) AS amount
      FROM holds h CROSS JOIN LATERAL jsonb_array_elements(h.allocations) a
      WHERE h.status = 'OPEN'
      GROUP BY h.customer_id, h.wallet_id, (a ->> 0)::uuid
    ), overdrawing AS (
      SELECT id, customer_id, wallet_id, reservations FROM holds WHERE status = 'OPEN' AND overdraft > 0
    ), reserved AS (
      SELECT h.customer_id, h.wallet_id, (r ->> 0)::bigint AS sequence, r ->> 1 IS NULL AS below_zero
      FROM overdrawing h CROSS JOIN LATERAL jsonb_array_elements(h.reservations) r
      UNION ALL
      SELECT h.customer_id, h.wallet_id, e.sequence, e.grant_id IS NULL
      FROM overdrawing h
      JOIN hold_extensions e ON e.hold_id = h.id AND e.customer_id = h.customer_id AND e.wallet_id = h.wallet_id
    ), overdrafts AS (
      SELECT customer_id, wallet_id AS id, max(sequence) FILTER (WHERE below_zero) AS last
      FROM reserved GROUP BY customer_id, wallet_id
    ), forced AS (
      SELECT customer_id, wallet_id AS id, max(sequence) AS last FROM ledger_entries
      WHERE cause IN ('REFUND', 'DISPUTE') AND grant_id IS NULL AND debit_account = 'WALLET'
      GROUP BY customer_id, wallet_id
    ), sums AS (
      SELECT customer_id, wallet_id AS id, sum(overdraft) AS amount
      FROM holds WHERE status = 'OPEN' GROUP BY customer_id, wallet_id
    )
    (SELECT 'grant' AS noun, a.grant_id AS id, CASE
        WHEN g.id IS NULL THEN format('is set aside by holds of {wallet:%s}, which has no such grant', a.wallet_id)
        ELSE format('has %s left, holds have set %s of it aside', trim_scale(g.remaining), trim_scale(a.amount)) END AS problem
      FROM allocated a
      LEFT JOIN credit_grants g ON g.id = a.grant_id AND g.customer_id = a.customer_id AND g.wallet_id = a.wallet_id
      WHERE g.id IS NULL OR a.amount > g.remaining
      LIMIT 3)
    UNION ALL
    (SELECT 'wallet', w.id, format('owes %s, holds have set %s of the overdraft aside, %s allows %s', trim_scale(w.debt),
        trim_scale(s.amount), w.on_empty, trim_scale(w.overdraft_limit))
      FROM overdrafts o
      JOIN sums s USING (id, customer_id)
      JOIN wallets w USING (id, customer_id)
      LEFT JOIN forced f USING (id, customer_id)
      WHERE w.on_empty <> 'ARREARS' AND w.debt + s.amount > w.overdraft_limit
        AND o.last >= coalesce(f.last, 0)
        AND (w.policy_sequence IS NULL OR o.last > w.policy_sequence)
      LIMIT 3)`,
};
