import { isReady, readyAt } from '../../../clocks/sql/failed-work.ts';
import type { Statement } from '../../../infra/db.ts';

const DUE = `SELECT h.id, w.organization_id, w.customer_id, w.asset_id, w.name
    FROM holds h JOIN wallets w ON w.id = h.wallet_id AND w.customer_id = h.customer_id
    WHERE h.status = 'OPEN' AND h.expires_at <= $1::timestamptz
      AND ${isReady('hold', 'h.id', '$1::timestamptz')}`;
const OLDEST_FIRST = 'ORDER BY h.expires_at, h.id LIMIT $2::int';

/**
 * The wallets of open holds whose time is over, the longest first. Not locked. Those of customers with a test clock
 * are left to that clock. Parameters: now, how many holds at most.
 */
export const FIND_DUE_HOLDS: Statement = {
  name: 'ledger.find_due_holds',
  text: `${DUE} AND h.test_clock_id IS NULL ${OLDEST_FIRST}`,
};

/** The same for customers of a test clock, which is the third parameter. */
export const FIND_DUE_HOLDS_OF_CLOCK: Statement = {
  name: 'ledger.find_due_holds_of_clock',
  text: `${DUE} AND h.test_clock_id = $3::uuid ${OLDEST_FIRST}`,
};

/** When the next hold of a clock's customers is over. Parameter: clock. */
export const NEXT_DUE_HOLD: Statement = {
  name: 'ledger.next_due_hold',
  text: `SELECT min(${readyAt('hold', 'h.id', 'h.expires_at')}) AS at FROM holds h
    WHERE h.test_clock_id = $1::uuid AND h.status = 'OPEN'`,
};

export interface DueHoldRow {
  id: string;
  organization_id: string;
  customer_id: string;
  asset_id: string;
  name: string;
}
