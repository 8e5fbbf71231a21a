import { isReady, readyAt } from '../../clocks/sql/failed-work.ts';
import type { Statement } from '../../infra/db.ts';

/** What names a counter to whoever notes that it failed. */
const KEY = `concat_ws('/', u.customer_id, u.counted_id, u.period_start, u.slice)`;

const OF_SURPLUS = `SELECT u.organization_id, u.customer_id, u.counted_id, u.slice, u.period_start, u.period_end,
      ${KEY} AS key
    FROM usage_counters u
    WHERE u.surplus > 0 AND u.period_end <= $1::timestamptz AND ${isReady('counter', KEY, '$1::timestamptz')}
      AND u.test_clock_id`;

/**
 * Counters of periods that have ended with more charged than is due, oldest first; not locked. Those of customers with
 * a test clock are left to that clock. Parameters: now, how many at most.
 */
export const FIND_SURPLUS: Statement = {
  name: 'usage.find_surplus',
  text: `${OF_SURPLUS} IS NULL ORDER BY u.period_end LIMIT $2::int`,
};

/** The same for customers of a test clock, which is the third parameter. */
export const FIND_SURPLUS_OF_CLOCK: Statement = {
  name: 'usage.find_surplus_of_clock',
  text: `${OF_SURPLUS} = $3::uuid ORDER BY u.period_end LIMIT $2::int`,
};

/** When the next such period of a clock's customers ends. Parameter: clock. */
export const NEXT_SURPLUS: Statement = {
  name: 'usage.next_surplus',
  text: `SELECT min(${readyAt('counter', KEY, 'u.period_end')}) AS at FROM usage_counters u
    WHERE u.surplus > 0 AND u.test_clock_id = $1::uuid`,
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
