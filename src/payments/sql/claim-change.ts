import type { Statement } from '../../infra/db.ts';

/**
 * Says that the change of a payment is made, unless it was said before: of those who make it at once one does, with the change in
 * its transaction. Locks the payment, before wallets are. Parameters: payment, customer, now.
 */
export const CLAIM_CHANGE: Statement = {
  name: 'payments.claim_change',
  text: `UPDATE payments SET change_status = 'APPLIED', updated_at = $3::timestamptz
    WHERE id = $1::uuid AND customer_id = $2::uuid AND change_status = 'WAITING' RETURNING id`,
};
