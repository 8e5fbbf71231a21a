import { isReady, readyAt } from '../../clocks/sql/failed-work.ts';
import type { Statement } from '../../infra/db.ts';

/** What names a counter to whoever notes that it failed. */
const KEY = `concat_ws('/', u.customer_id, u.counted_id, u.period_start, u.slice)`;
const COUNTERS = 'usage_counters u JOIN customers c ON c.id = u.customer_id';

/**
 * Counters of periods that have ended with more charged than is due, oldest first; not locked. Parameters: now, the
 * test clock of the customers (null for the server's time), how many at most.
 */
export const FIND_SURPLUS: Statement = {
  name: 'usage.find_surplus',
  text: `SELECT u.organization_id, u.customer_id, u.counted_id, u.slice, u.period_start, u.period_end, ${KEY} AS key
    FROM ${COUNTERS}
    WHERE u.surplus > 0 AND u.period_end <= $1::timestamptz AND c.test_clock_id IS NOT DISTINCT FROM $2::uuid
      AND ${isReady('counter', KEY, '$1::timestamptz')}
    ORDER BY u.period_end LIMIT $3::int`,
};

/** When the next such period of a clock's customers ends. Parameter: clock. */
export const NEXT_SURPLUS: Statement = {
  name: 'usage.next_surplus',
  text: `SELECT min(${readyAt('counter', KEY, 'u.period_end')}) AS at FROM ${COUNTERS} WHERE u.surplus > 0 AND c.test_clock_id = $1::uuid`,
};

export interface SurplusRow {
  key: string;
  organization_id: string;
  customer_id: string;
  counted_id: string;
  slice: string;
  period_start: Date;
  period_end: Date;
}
