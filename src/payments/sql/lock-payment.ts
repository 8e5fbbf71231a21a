import type { Statement } from '../../infra/db.ts';

/** Before wallets are locked: whoever holds a wallet waits for no payment. Parameters: payment, customer. */
export const LOCK_PAYMENT: Statement = {
  name: 'payments.lock',
  text: 'SELECT id FROM payments WHERE id = $1::uuid AND customer_id = $2::uuid FOR NO KEY UPDATE',
};
