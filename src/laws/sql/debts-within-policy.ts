import type { Statement } from '../../infra/db.ts';

/**
 * Law 3. What a wallet's policy allows is how deep its debt may get: expiry and time take from grants
 * only, so `available` stays at or above zero as long as the debt stays within the limit.
 *
 * A policy may be tightened after a debt arose, and what is owed stays owed: a debt beyond today's limit
 * is a violation only where today's policy is the one the wallet was opened with. Former policies are not
 * stored; but a wallet's version grows by one with each posting and each change of policy, so a version
 * equal to the number of instants of posting (never more than the postings) proves that there was none.
 * Of those wallets every entry that deepens the debt is judged; of all wallets, that only usage,
 * adjustments and subscriptions make debt, and that no more is repaid than was owed.
 */
export const DEBTS_WITHIN_POLICY: Statement = {
  name: 'laws.debts_within_policy',
  text: `WITH debts AS (
      SELECT customer_id, wallet_id, sequence, cause, debit_account = 'WALLET' AS deepens,
        sum(CASE WHEN debit_account = 'WALLET' THEN amount ELSE -amount END)
          OVER (PARTITION BY wallet_id, customer_id ORDER BY sequence) AS debt
      FROM ledger_entries WHERE grant_id IS NULL
    ), first_policy AS (
      SELECT w.id, w.customer_id, w.overdraft_limit, w.on_empty
      FROM wallets w
      WHERE EXISTS (SELECT 1 FROM debts d WHERE d.wallet_id = w.id AND d.customer_id = w.customer_id)
        AND w.version = (SELECT count(DISTINCT e.posted_at) FROM ledger_entries e
          WHERE e.wallet_id = w.id AND e.customer_id = w.customer_id)
    )
    SELECT 'wallet' AS noun, d.wallet_id AS id, CASE
        WHEN d.debt < 0 THEN format('entry %s repays more than was owed', d.sequence)
        WHEN d.cause NOT IN ('USAGE', 'ADJUSTMENT', 'SUBSCRIPTION') THEN format('entry %s makes a debt by %s', d.sequence, d.cause)
        ELSE format('entry %s takes the debt to %s, %s allows %s', d.sequence, trim_scale(d.debt), p.on_empty,
          trim_scale(p.overdraft_limit)) END AS problem
    FROM debts d LEFT JOIN first_policy p ON p.id = d.wallet_id AND p.customer_id = d.customer_id
    WHERE d.debt < 0
      OR d.deepens AND d.cause NOT IN ('USAGE', 'ADJUSTMENT', 'SUBSCRIPTION')
      OR d.deepens AND p.on_empty <> 'ARREARS' AND d.debt > p.overdraft_limit
    ORDER BY d.wallet_id, d.sequence
    LIMIT 3`,
};
