import type { Statement } from '../../infra/db.ts';

export interface LookRow {
  readonly id: string;
  readonly customer_id: string;
}

/**
 * Takes payments whose provider is to be asked now, so that nobody else asks too: the next look is put off before the provider is
 * asked, for a look that dies is to be made again. Parameters: now, how many at most, and the next look of those that are open:
 * twice as late each time, from so many seconds to so many.
 */
export const CLAIM_LOOKS: Statement = {
  name: 'payments.claim_looks',
  text: `UPDATE payments p SET looks = p.looks + 1,
      look_at = $1::timestamptz + least($3::float8 * power(2, least(p.looks, 20)), $4::float8) * interval '1 second'
    FROM (
      SELECT id, customer_id FROM payments WHERE look_at <= $1::timestamptz
      ORDER BY look_at LIMIT $2::int FOR UPDATE SKIP LOCKED
    ) due
    WHERE p.id = due.id AND p.customer_id = due.customer_id
    RETURNING p.id, p.customer_id`,
};
