import type { Statement } from '../../infra/db.ts';

/**
 * Law 3. What a wallet's policy allows is how deep its debt may get: expiry and time take from grants
 * only, so `available` stays at or above zero as long as the debt stays within the limit.
 *
 * A policy may be tightened after a debt arose, and what is owed stays owed. Former policies are not stored; but a
 * wallet keeps its last entry under a former one, so every entry behind that which deepens the debt is judged by
 * today's. Of all entries: that only usage, adjustments, subscriptions and what goes back of payments make debt, and that no
 * more is repaid than was owed.
 *
 * Credit that was spent is owed when its money goes back, whatever the policy allows: no other cause may go beyond it, and law 9
 * says that it is exactly what was spent.
 */
export const DEBTS_WITHIN_POLICY: Statement = {
  name: 'laws.debts_within_policy',
  text: `WITH debts AS (
      SELECT customer_id, wallet_id, sequence, cause, debit_account = 'WALLET' AS deepens,
        sum(CASE WHEN debit_account = 'WALLET' THEN amount ELSE -amount END)
          OVER (PARTITION BY wallet_id, customer_id ORDER BY sequence) AS debt
      FROM ledger_entries WHERE grant_id IS NULL
    )
    SELECT 'wallet' AS noun, d.wallet_id AS id, CASE
        WHEN d.debt < 0 THEN format('entry %s repays more than was owed', d.sequence)
        WHEN d.cause NOT IN ('USAGE', 'ADJUSTMENT', 'SUBSCRIPTION', 'REFUND', 'DISPUTE') THEN format('entry %s makes a debt by %s', d.sequence, d.cause)
        ELSE format('entry %s takes the debt to %s, %s allows %s', d.sequence, trim_scale(d.debt), w.on_empty,
          trim_scale(w.overdraft_limit)) END AS problem
    FROM debts d LEFT JOIN wallets w ON w.id = d.wallet_id AND w.customer_id = d.customer_id
    WHERE d.debt < 0
      OR d.deepens AND d.cause NOT IN ('USAGE', 'ADJUSTMENT', 'SUBSCRIPTION', 'REFUND', 'DISPUTE')
      OR d.deepens AND d.cause NOT IN ('REFUND', 'DISPUTE') AND w.on_empty <> 'ARREARS' AND d.debt > w.overdraft_limit
        AND d.sequence > coalesce(w.policy_sequence, 0)
    ORDER BY d.wallet_id, d.sequence
    LIMIT 3`,
};
