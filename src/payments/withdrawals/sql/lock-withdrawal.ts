import type { Statement } from '../../../infra/db.ts';

/** Before its payments are locked: whoever holds a payment waits for no withdrawal. Parameters: withdrawal, customer. */
export const LOCK_WITHDRAWAL: Statement = {
  name: 'withdrawals.lock',
  text: 'SELECT id FROM withdrawals WHERE id = $1::uuid AND customer_id = $2::uuid FOR NO KEY UPDATE',
};
