import type { Statement } from '../../infra/db.ts';

/**
 * Law 9: what was paid is what was credited, once. All that has arrived of a payment is what its credits are for; each credit
 * made the grants that it names, and they hold what it says; nothing else was ever booked for a payment. What has settled was
 * paid, and more was never given back than that.
 */
export const PAYMENTS_ARE_CREDITED: Statement = {
  name: 'laws.payments_are_credited',
  text: `WITH credited AS (
      SELECT p.id, p.paid, p.status, p.settled_at, coalesce(sum(c.paid), 0) AS booked, coalesce(sum(c.credit), 0) AS credit,
        p.amount, p.credit AS whole, coalesce(sum(c.bonus), 0) AS bonus, p.bonus AS most
      FROM payments p LEFT JOIN payment_credits c ON c.payment_id = p.id AND c.customer_id = p.customer_id
      GROUP BY p.id, p.customer_id
    ), payments_judged AS (
      SELECT 'payment' AS noun, id, CASE
        WHEN paid <> booked THEN format('%s was paid and %s was credited', paid, booked)
        WHEN (status = 'SETTLED') <> (paid > 0) THEN format('it is %s, and %s was paid', status, paid)
        WHEN paid = amount AND credit <> whole THEN format('%s was credited for all of it where %s was promised', credit, whole)
        WHEN bonus > most THEN format('%s was given on top where %s was promised', bonus, most)
        END AS problem
      FROM credited
    ), booked AS (
      SELECT e.cause_id, e.customer_id, e.grant_id, e.wallet_id, e.debit_account, e.amount, count(*) OVER (
        PARTITION BY e.cause_id, e.customer_id, e.grant_id) AS times
      FROM ledger_entries e WHERE e.cause = 'TOP_UP'
    ), entries_judged AS (
      SELECT 'paymentCredit' AS noun, b.cause_id AS id, CASE
        WHEN c.id IS NULL THEN 'it is booked, and there is no such credit of a payment'
        WHEN b.times > 1 THEN 'it is booked more than once'
        WHEN b.wallet_id <> c.wallet_id THEN 'it is booked in another wallet'
        WHEN b.grant_id = c.grant_id AND (b.debit_account <> 'CASH' OR b.amount <> c.credit)
          THEN format('%s is booked from %s where %s was paid for', b.amount, b.debit_account, c.credit)
        WHEN b.grant_id = c.bonus_grant_id AND (b.debit_account <> 'PROMOTIONAL' OR b.amount <> c.bonus)
          THEN format('%s is booked from %s where %s is given on top', b.amount, b.debit_account, c.bonus)
        WHEN b.grant_id IS DISTINCT FROM c.grant_id AND b.grant_id IS DISTINCT FROM c.bonus_grant_id
          THEN 'it is booked on another grant'
        END AS problem
      FROM booked b
      LEFT JOIN payment_credits c ON c.id = b.cause_id AND c.customer_id = b.customer_id
    ), credits_judged AS (
      SELECT 'paymentCredit' AS noun, c.id, CASE
        WHEN count(e.grant_id) <> (c.grant_id IS NOT NULL)::int + (c.bonus_grant_id IS NOT NULL)::int
          THEN format('it names grants that are booked %s times', count(e.grant_id))
        END AS problem
      FROM payment_credits c
      LEFT JOIN ledger_entries e ON e.cause = 'TOP_UP' AND e.cause_id = c.id AND e.customer_id = c.customer_id
      GROUP BY c.id, c.customer_id
    )
    SELECT noun, id, problem FROM (
      SELECT * FROM payments_judged UNION ALL SELECT * FROM entries_judged UNION ALL SELECT * FROM credits_judged
    ) judged
    WHERE problem IS NOT NULL LIMIT 3`,
};
