import type { Statement } from '../../infra/db.ts';

/**
 * Gives a counter that is locked another end, and what it says then. Parameters: its key, the end, quantity,
 * surplus, the instant. Whoever remembers it finds that it has moved on.
 */
export const MOVE_COUNTER: Statement = {
  name: 'metering.move_counter',
  text: `UPDATE usage_counters SET period_end = $5::timestamptz, quantity = $6::numeric, surplus = $7::numeric,
      version = version + 1, updated_at = $8::timestamptz
    WHERE customer_id = $1::uuid AND counted_id = $2::uuid AND period_start = $3::timestamptz AND slice = $4`,
};
