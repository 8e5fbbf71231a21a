import type { Statement } from '../../infra/db.ts';

function claim(whose: string): string {
  return `UPDATE payment_methods m SET notice_at = NULL
    FROM (
      SELECT m.id, m.customer_id FROM payment_methods m JOIN customers c ON c.id = m.customer_id
      WHERE m.notice_at <= $1::timestamptz AND ${whose}
      ORDER BY m.notice_at LIMIT $2::int FOR UPDATE OF m SKIP LOCKED
    ) due
    WHERE m.id = due.id AND m.customer_id = due.customer_id
    RETURNING m.id, m.organization_id, m.customer_id, m.brand, m.last4, m.exp_year, m.exp_month`;
}

/**
 * Takes the cards of which it is to be told now that they expire, so that nobody else tells: in the transaction that does. Those
 * of customers with a test clock are left to that clock. Parameters: now, how many at most.
 */
export const CLAIM_EXPIRING: Statement = {
  name: 'payments.claim_expiring',
  text: claim('c.test_clock_id IS NULL'),
};

/** The same for customers of a test clock, which is the third parameter. */
export const CLAIM_EXPIRING_OF_CLOCK: Statement = {
  name: 'payments.claim_expiring_of_clock',
  text: claim('c.test_clock_id = $3::uuid'),
};

/** When the next is to be told among the customers of a clock. Parameter: clock. */
export const NEXT_EXPIRING_METHOD: Statement = {
  name: 'payments.next_expiring_method',
  text: `SELECT min(m.notice_at) AS at FROM payment_methods m JOIN customers c ON c.id = m.customer_id
    WHERE m.notice_at IS NOT NULL AND c.test_clock_id = $1::uuid`,
};

export interface ExpiringMethodRow {
  readonly id: string;
  readonly organization_id: string;
  readonly customer_id: string;
  readonly brand: string;
  readonly last4: string | null;
  readonly exp_year: number;
  readonly exp_month: number;
}
