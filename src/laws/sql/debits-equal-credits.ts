import type { Statement } from '../../infra/db.ts';

/**
 * Law 1. An entry moves a positive amount between the wallet and one other account, so the accounts of an
 * asset add up to zero: the wallets at their stored balances, all others from the entries. Returns
 * entries that move nothing in or out of a wallet, and assets that do not add up.
 */
export const DEBITS_EQUAL_CREDITS: Statement = {
  name: 'laws.debits_equal_credits',
  text: `WITH others AS (
      SELECT organization_id, customer_id, wallet_id,
        sum(CASE WHEN credit_account = 'WALLET' THEN -amount ELSE amount END) AS total
      FROM ledger_entries GROUP BY organization_id, customer_id, wallet_id
    ), accounts AS (
      SELECT o.organization_id, w.asset_id, o.total
      FROM others o LEFT JOIN wallets w ON w.id = o.wallet_id AND w.customer_id = o.customer_id
      UNION ALL
      SELECT organization_id, asset_id, balance FROM wallets
    )
    (SELECT 'wallet' AS noun, wallet_id AS id,
        format('entry %s moves %s from %s to %s; exactly one side must be the wallet, and the amount above zero',
          sequence, trim_scale(amount), debit_account, credit_account) AS problem
      FROM ledger_entries
      WHERE (debit_account = 'WALLET') = (credit_account = 'WALLET') OR amount <= 0
      LIMIT 3)
    UNION ALL
    (SELECT CASE WHEN asset_id IS NULL THEN 'organization' ELSE 'asset' END,
        coalesce(asset_id, organization_id),
        format('all accounts together hold %s instead of 0', trim_scale(sum(total)))
      FROM accounts GROUP BY organization_id, asset_id HAVING sum(total) <> 0
      LIMIT 3)`,
};
