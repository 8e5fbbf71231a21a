import type { Statement } from '../../infra/db.ts';

/**
 * Law 2. What is stored beside the entries is what the entries say: a wallet's balance and debt, and the
 * remainder of each grant; and a balance is its grants' remainders less its debt. The entries are read
 * once and grouped by wallet and grant; the entries without a grant are the debt.
 */
export const BALANCES_ADD_UP: Statement = {
  name: 'laws.balances_add_up',
  text: `WITH moved AS MATERIALIZED (
      SELECT customer_id, wallet_id, grant_id,
        sum(CASE WHEN credit_account = 'WALLET' THEN amount ELSE -amount END) AS total
      FROM ledger_entries GROUP BY customer_id, wallet_id, grant_id
    ), entries AS (
      SELECT customer_id, wallet_id AS id, sum(total) AS balance,
        -coalesce(sum(total) FILTER (WHERE grant_id IS NULL), 0) AS debt
      FROM moved GROUP BY customer_id, wallet_id
    ), remainders AS (
      SELECT customer_id, wallet_id AS id, sum(remaining) AS total
      FROM credit_grants GROUP BY customer_id, wallet_id
    ), wallet AS (
      SELECT id, w.balance IS NOT NULL AS stored, w.balance, w.debt,
        coalesce(e.balance, 0) AS entries_balance, coalesce(e.debt, 0) AS entries_debt,
        coalesce(r.total, 0) AS remainders
      FROM wallets w FULL JOIN entries e USING (id, customer_id)
        LEFT JOIN remainders r USING (id, customer_id)
    ), grants AS (
      SELECT coalesce(g.id, m.grant_id) AS id, g.remaining, coalesce(m.total, 0) AS entries_remaining,
        g.wallet_id, coalesce(m.wallet_id, g.wallet_id) AS entries_wallet_id
      FROM credit_grants g
        FULL JOIN (SELECT * FROM moved WHERE grant_id IS NOT NULL) m
          ON m.grant_id = g.id AND m.customer_id = g.customer_id
    )
    (SELECT 'wallet' AS noun, id, CASE
        WHEN NOT stored THEN 'has entries, but there is no such wallet of that customer'
        WHEN balance <> entries_balance THEN format('the stored balance is %s, its entries add up to %s',
          trim_scale(balance), trim_scale(entries_balance))
        WHEN debt <> entries_debt THEN format('the stored debt is %s, its entries without a grant add up to %s',
          trim_scale(debt), trim_scale(entries_debt))
        ELSE format('the balance is %s, its grants hold %s and its debt is %s',
          trim_scale(balance), trim_scale(remainders), trim_scale(debt)) END AS problem
      FROM wallet
      WHERE NOT stored OR balance <> entries_balance OR debt <> entries_debt
        OR balance <> remainders - debt
      LIMIT 3)
    UNION ALL
    (SELECT 'grant', id, CASE
        WHEN remaining IS NULL THEN 'has entries, but there is no such grant of that customer'
        WHEN wallet_id <> entries_wallet_id THEN 'has entries in a wallet that is not its own'
        ELSE format('%s is stored as its remainder, its entries add up to %s',
          trim_scale(remaining), trim_scale(entries_remaining)) END
      FROM grants
      WHERE remaining IS NULL OR wallet_id <> entries_wallet_id OR remaining <> entries_remaining
      LIMIT 3)`,
};
