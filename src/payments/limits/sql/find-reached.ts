import type { Statement } from '../../../infra/db.ts';
import type { VelocityLimitKind } from '../../refusals.ts';

/** The last of so many since the time $4, newest first; no row while there are fewer. A limit that is null is none. */
function lastOf(kind: VelocityLimitKind, limit: string, which: string): string {
  return `(SELECT '${kind}' AS kind, at FROM (${which}) AS counted
    WHERE ${limit}::int IS NOT NULL ORDER BY at DESC OFFSET greatest(${limit}::int - 1, 0) LIMIT 1)`;
}

function rowsOf(whose: string, what: string): string {
  return `SELECT at FROM payment_attempts WHERE ${whose} AND at > $4::timestamptz AND ${what}`;
}

const CUSTOMER = 'customer_id = $1::uuid';
const ADDRESS = 'ip_hash = $2::text';
const CARD = 'fingerprint_hash = $3::text';
/** People ask: how often a rule does is for its caps to say. */
const ASKED = 'outcome IS NULL AND NOT by_rule AND NOT $11::boolean';
const FAILED = `outcome = 'FAILED'`;

/**
 * Which limits of an hour are reached, each with when the attempt was that must be an hour old first. A card is known when it
 * has failed or paid, so that the payments are counted which it was tried for. Parameters: customer, address, card, an hour ago,
 * the limits in the order of `HOURLY_LIMITS`, whether a rule asks.
 */
export const FIND_REACHED: Statement = {
  name: 'payments.find_reached',
  text: [
    lastOf('CUSTOMER_ATTEMPTS', '$5', rowsOf(CUSTOMER, ASKED)),
    lastOf('CUSTOMER_FAILURES', '$6', rowsOf(CUSTOMER, FAILED)),
    lastOf('IP_ATTEMPTS', '$7', rowsOf(ADDRESS, ASKED)),
    lastOf('IP_FAILURES', '$8', rowsOf(ADDRESS, FAILED)),
    lastOf(
      'CARD_ATTEMPTS',
      '$9',
      `SELECT max(at) AS at FROM payment_attempts
        WHERE ${CARD} AND at > $4::timestamptz AND NOT by_rule GROUP BY payment_id`,
    ),
    lastOf('CARD_FAILURES', '$10', rowsOf(CARD, FAILED)),
  ].join('\n    UNION ALL '),
};

export interface ReachedRow {
  readonly kind: VelocityLimitKind;
  /** Null where waiting does not help. */
  readonly at: Date | null;
}

/**
 * Whether an amount is too much for a day, and when the payment was made that must be a day old first; null where it is too much
 * for any. What came to nothing does not count. Parameters: customer, asset, a day ago, the amount, the limit, the payment itself.
 */
export const FIND_DAILY_AMOUNT: Statement = {
  name: 'payments.find_daily_amount',
  text: `WITH recent AS (
      SELECT created_at, sum(amount) OVER () AS total, sum(amount) OVER (ORDER BY created_at, id) AS gone
      FROM payments
      WHERE customer_id = $1::uuid AND asset_id = $2::uuid AND created_at > $3::timestamptz AND id <> $6::uuid
        AND status IN ('PENDING', 'AUTHORIZED', 'SETTLED')
    )
    SELECT 'DAILY_AMOUNT' AS kind, min(created_at) FILTER (WHERE total - gone + $4::numeric <= $5::numeric) AS at
    FROM recent HAVING coalesce(max(total), 0) + $4::numeric > $5::numeric`,
};

/**
 * Whether an amount is too much for somebody of whom no payment has settled yet, with all that he was asked for and that is still
 * open. Parameters: customer, asset, the amount, the limit, the payment itself.
 */
export const FIND_FIRST_TOP_UP: Statement = {
  name: 'payments.find_first_top_up',
  text: `SELECT 'FIRST_TOP_UP' AS kind, NULL::timestamptz AS at
    FROM payments WHERE customer_id = $1::uuid AND id <> $5::uuid
    HAVING coalesce(bool_and(status <> 'SETTLED'), true)
      AND coalesce(sum(amount) FILTER (WHERE asset_id = $2::uuid AND status IN ('PENDING', 'AUTHORIZED')), 0)
        + $3::numeric > $4::numeric`,
};
