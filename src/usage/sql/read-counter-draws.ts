import type { Statement } from '../../infra/db.ts';

/**
 * What the charges of a counter drew, the latest first, but for those of one event. Parameters: wallet,
 * customer, price, dimensions, start of the period, the event, how many at most.
 */
export const READ_COUNTER_DRAWS: Statement = {
  name: 'usage.read_counter_draws',
  text: `SELECT e.grant_id, e.amount::text AS amount
    FROM ledger_entries e
    JOIN charges c ON c.usage_event_id = e.cause_id AND c.ordinal = e.charge_ordinal AND c.customer_id = e.customer_id
    JOIN rates r ON r.id = c.rate_id
    WHERE e.wallet_id = $1::uuid AND e.customer_id = $2::uuid AND e.cause = 'USAGE' AND r.price_id = $3::uuid
      AND r.dimensions = $4::jsonb AND c.period_start = $5::timestamptz AND e.cause_id <> $6::uuid
    ORDER BY e.sequence DESC LIMIT $7::int`,
};
