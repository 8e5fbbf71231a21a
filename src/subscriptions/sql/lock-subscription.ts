import type { Statement } from '../../infra/db.ts';

/** Locks one subscription of an organization. Before its wallets, always: whoever holds it may lock them. */
export const LOCK_SUBSCRIPTION: Statement = {
  name: 'subscriptions.lock',
  text: `SELECT customer_id FROM subscriptions WHERE id = $1::uuid AND organization_id = $2::uuid
    FOR NO KEY UPDATE`,
};

/** The same, unless another transaction has it: a worker that finds it taken leaves it to the other. */
export const LOCK_IF_FREE: Statement = {
  name: 'subscriptions.lock_if_free',
  text: `${LOCK_SUBSCRIPTION.text} SKIP LOCKED`,
};

/** Whatever remembers what the customer subscribes to has to look again. */
export const MOVE_TERMS: Statement = {
  name: 'subscriptions.move_terms',
  text: `UPDATE customers SET terms_version = terms_version + 1 WHERE id = $1::uuid`,
};
