import type { Statement } from '../../infra/db.ts';
import type { WalletKeyRow } from '../../ledger/lock.ts';

const TIMED = `FROM alerts a JOIN wallets w ON w.id = a.wallet_id AND w.customer_id = a.customer_id
    WHERE a.recovered_at IS NULL AND a.kind IN ('BURN_RATE', 'PROJECTED_EMPTY')`;

function findTimed(whose: string): string {
  return `SELECT a.id, w.customer_id, w.asset_id, w.name
    ${TIMED} AND ${whose} AND a.id > $1::uuid
    ORDER BY a.id LIMIT $2::int`;
}

/**
 * Wallets with an active alert about how fast they spend, which may be over by time alone, in the order of
 * their alerts. Parameters: the alert to go on after, how many at most. Customers with a test clock are left
 * to that clock.
 */
export const FIND_TIMED: Statement = {
  name: 'alerts.find_timed',
  text: findTimed('w.test_clock_id IS NULL'),
};

/** The same for the customers of a test clock, which is the third parameter. */
export const FIND_TIMED_OF_CLOCK: Statement = {
  name: 'alerts.find_timed_of_clock',
  text: findTimed('w.test_clock_id = $3::uuid'),
};

/** Whether there is one. Parameter: clock. */
export const HAS_TIMED: Statement = {
  name: 'alerts.has_timed',
  text: `SELECT 1 AS found ${TIMED} AND w.test_clock_id = $1::uuid LIMIT 1`,
};

export interface TimedRow extends WalletKeyRow {
  id: string;
}
