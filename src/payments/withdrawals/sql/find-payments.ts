import type { Statement } from '../../../infra/db.ts';

/**
 * Payments of a wallet of which something may be left, newest first, with what they were paid in: those whose grants hold anything.
 * What came over a chain goes back by hand alone, and is left out. Not locked.
 * Parameters: customer, credited asset, name of the wallet, what was paid in or null for any, how many at most.
 */
export const FIND_PAYMENTS: Statement = {
  name: 'withdrawals.find_payments',
  text: `SELECT p.id, p.asset_id FROM payments p JOIN payment_providers o ON o.id = p.provider_id
    WHERE p.customer_id = $1::uuid AND p.credit_asset_id = $2::uuid AND p.wallet_name = $3
      AND ($4::uuid IS NULL OR p.asset_id = $4::uuid) AND p.paid > p.refunded AND o.kind <> 'ONCHAIN'
      AND EXISTS (SELECT 1 FROM payment_credits c
        JOIN credit_grants g ON g.id = c.grant_id AND g.customer_id = c.customer_id
        WHERE c.payment_id = p.id AND c.customer_id = p.customer_id AND g.remaining > 0)
    ORDER BY p.id DESC LIMIT $5::int`,
};

export interface FoundPaymentRow {
  readonly id: string;
  readonly asset_id: string;
}
