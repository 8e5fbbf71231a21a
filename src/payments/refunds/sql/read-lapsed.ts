import type { Statement } from '../../../infra/db.ts';

/**
 * What is gone of grants without anybody having spent it: it expired, or was voided; less what claims have counted so already.
 * Parameters: wallet, customer, grants.
 */
export const READ_LAPSED: Statement = {
  name: 'payments.read_lapsed',
  text: `SELECT greatest(coalesce(sum(e.amount), 0) - coalesce((
        SELECT sum(c.lapsed) FROM (
          SELECT r.lapsed, r.payment_id, r.customer_id FROM payment_refunds r WHERE r.status <> 'FAILED'
          UNION ALL
          SELECT d.lapsed, d.payment_id, d.customer_id FROM payment_disputes d
        ) c
        WHERE c.customer_id = $2::uuid AND c.payment_id IN (
          SELECT payment_id FROM payment_credits
          WHERE customer_id = $2::uuid AND (grant_id = ANY ($3::uuid[]) OR bonus_grant_id = ANY ($3::uuid[])))
      ), 0), 0)::text AS lapsed
    FROM ledger_entries e
    WHERE e.wallet_id = $1::uuid AND e.customer_id = $2::uuid AND e.grant_id = ANY ($3::uuid[])
      AND e.cause IN ('EXPIRY', 'VOID') AND e.debit_account = 'WALLET'`,
};

export interface LapsedRow {
  lapsed: string;
}
