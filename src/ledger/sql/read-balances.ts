import type { Statement } from '../../infra/db.ts';

/**
 * What a wallet's balance is made of: the wallet, its open grants and its open holds as JSON arrays, and what time
 * it is for a customer with a test clock.
 */
export const READ_BALANCES: Statement = {
  name: 'ledger.read_balances',
  text: `SELECT w.id, w.organization_id, w.customer_id, w.on_empty::text AS on_empty,
      w.overdraft_limit::text AS overdraft_limit, w.version::text AS version, w.debt::text AS debt,
      w.updated_at, (SELECT t.now FROM test_clocks t WHERE t.id = w.test_clock_id) AS test_now,
      (SELECT json_agg(json_build_array(g.remaining::text, g.effective_at, g.expires_at, g.id))
        FROM credit_grants g WHERE g.wallet_id = w.id AND g.open) AS grants,
      CASE WHEN w.open_holds > 0 THEN (
        SELECT json_agg(json_build_array(h.expires_at, h.overdraft::text, h.allocations))
        FROM holds h WHERE h.wallet_id = w.id AND h.status = 'OPEN') END AS holds
    FROM wallets w WHERE w.id = ANY ($1::uuid[])`,
};

export interface BalanceRow {
  id: string;
  organization_id: string;
  customer_id: string;
  on_empty: string;
  overdraft_limit: string;
  version: string;
  debt: string;
  updated_at: Date;
  test_now: Date | null;
  grants:
    | [remaining: string, effectiveAt: string | null, expiresAt: string | null, id: string][]
    | null;
  holds:
    | [expiresAt: string, overdraft: string, allocations: [grantId: string, amount: string][]][]
    | null;
}
