import type { Statement } from '../../infra/db.ts';

/**
 * Law 9 of what goes back: a payment counts as refunded what its refunds that were made add up to, at most what was paid; and what
 * is booked for each refund and dispute, all its entries together, is what its row says. One that stands has taken its credit, but
 * for what had lapsed, of its allocations and, by its policy, as a debt or a loss; a dispute that is open has taken its
 * allocations only; one that failed, or was won, has taken nothing. So each is booked once, however often it was told.
 */
export const RETURNS_ARE_BOOKED: Statement = {
  name: 'laws.returns_are_booked',
  text: `WITH claims AS (
      SELECT 'paymentRefund' AS noun, 'REFUND'::entry_cause AS cause, id, customer_id, wallet_id, credit, bonus, lapsed,
        shortfall, spent_credit_policy, allocations, status <> 'FAILED' AS stands, false AS is_open
      FROM payment_refunds
      UNION ALL
      SELECT 'paymentDispute', 'DISPUTE'::entry_cause, id, customer_id, wallet_id, credit, bonus, lapsed,
        shortfall, spent_credit_policy, allocations, status = 'LOST', status = 'OPEN'
      FROM payment_disputes
    ), booked AS (
      SELECT cause, cause_id AS id, customer_id, wallet_id,
        sum(CASE WHEN credit_account = 'REFUND' THEN amount WHEN debit_account = 'REFUND' THEN -amount ELSE 0 END) AS refunded,
        sum(CASE WHEN debit_account = 'ADJUSTMENT' THEN amount WHEN credit_account = 'ADJUSTMENT' THEN -amount ELSE 0 END) AS lost
      FROM ledger_entries WHERE cause IN ('REFUND', 'DISPUTE')
      GROUP BY cause, cause_id, customer_id, wallet_id
    ), wanted AS (
      SELECT c.*, coalesce(b.refunded, 0) AS refunded, coalesce(b.lost, 0) AS lost,
        (SELECT coalesce(sum((a ->> 1)::numeric), 0) FROM jsonb_array_elements(c.allocations) a) AS taken
      FROM claims c
      LEFT JOIN booked b ON b.cause = c.cause AND b.id = c.id AND b.customer_id = c.customer_id AND b.wallet_id = c.wallet_id
    ), claims_judged AS (
      SELECT noun, id, CASE
        WHEN stands AND taken + shortfall + lapsed <> credit + bonus
          THEN format('of %s it has taken %s, %s was spent and %s had lapsed', trim_scale(credit + bonus), trim_scale(taken),
            trim_scale(shortfall), trim_scale(lapsed))
        WHEN NOT stands AND (shortfall <> 0 OR lapsed <> 0) THEN 'it takes nothing that was spent, and says that it does'
        WHEN NOT stands AND NOT is_open AND taken <> 0 THEN 'it is over, and says that it takes something'
        WHEN refunded <> taken + shortfall THEN format('%s is booked where it has taken %s', trim_scale(refunded),
          trim_scale(taken + shortfall))
        WHEN lost <> CASE WHEN spent_credit_policy = 'WRITE_OFF' THEN shortfall ELSE 0 END
          THEN format('%s is booked as lost where %s was spent, by %s', trim_scale(lost), trim_scale(shortfall),
            spent_credit_policy)
        END AS problem
      FROM wanted
    ), payments_judged AS (
      SELECT 'payment' AS noun, p.id, CASE
        WHEN p.refunded <> least(p.paid, coalesce(sum(r.amount), 0))
          THEN format('it counts %s as given back, its refunds add up to %s', trim_scale(p.refunded),
            trim_scale(coalesce(sum(r.amount), 0)))
        END AS problem
      FROM payments p
      LEFT JOIN payment_refunds r ON r.payment_id = p.id AND r.customer_id = p.customer_id AND r.status = 'SUCCEEDED'
      GROUP BY p.id, p.customer_id
    ), credited AS (
      SELECT payment_id, customer_id, sum(credit) AS credit, sum(bonus) AS bonus
      FROM payment_credits GROUP BY payment_id, customer_id
    ), backed AS (
      SELECT payment_id, customer_id, sum(credit) AS credit, sum(bonus) AS bonus FROM (
        SELECT payment_id, customer_id, credit, bonus FROM payment_refunds WHERE status <> 'FAILED'
        UNION ALL SELECT payment_id, customer_id, credit, bonus FROM payment_disputes WHERE status = 'LOST'
      ) back GROUP BY payment_id, customer_id
    ), excess AS (
      SELECT 'payment' AS noun, b.payment_id AS id, CASE
        WHEN b.credit > coalesce(c.credit, 0) OR b.bonus > coalesce(c.bonus, 0)
          THEN format('%s and %s on top goes back where %s and %s was credited', trim_scale(b.credit), trim_scale(b.bonus),
            trim_scale(coalesce(c.credit, 0)), trim_scale(coalesce(c.bonus, 0)))
        END AS problem
      FROM backed b LEFT JOIN credited c USING (payment_id, customer_id)
    )
    SELECT noun, id, problem FROM (
      SELECT * FROM claims_judged UNION ALL SELECT * FROM payments_judged UNION ALL SELECT * FROM excess
    ) judged
    WHERE problem IS NOT NULL LIMIT 3`,
};
