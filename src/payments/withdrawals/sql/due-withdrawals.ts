import { isReady, readyAt } from '../../../clocks/sql/failed-work.ts';
import type { Statement } from '../../../infra/db.ts';

const FROM =
  'FROM withdrawals d JOIN wallets w ON w.id = d.wallet_id AND w.customer_id = d.customer_id';

function findDue(whose: string): string {
  return `SELECT d.id, d.customer_id ${FROM}
    WHERE d.due_at <= $1::timestamptz AND ${whose} AND ${isReady('withdrawal', 'd.id', '$1::timestamptz')}
    ORDER BY d.due_at, d.id LIMIT $2::int`;
}

/**
 * Withdrawals that were not confirmed in time, or whose hold period is over, the longest first. Not locked. Those of customers with
 * a test clock are left to that clock. Parameters: now, how many at most.
 */
export const FIND_DUE_WITHDRAWALS: Statement = {
  name: 'withdrawals.find_due',
  text: findDue('w.test_clock_id IS NULL'),
};

/** The same for customers of a test clock, which is the third parameter. */
export const FIND_DUE_WITHDRAWALS_OF_CLOCK: Statement = {
  name: 'withdrawals.find_due_of_clock',
  text: findDue('w.test_clock_id = $3::uuid'),
};

/** When the next withdrawal of a clock's customers is due. Parameter: clock. */
export const NEXT_DUE_WITHDRAWAL: Statement = {
  name: 'withdrawals.next_due',
  text: `SELECT min(${readyAt('withdrawal', 'd.id', 'd.due_at')}) AS at ${FROM}
    WHERE d.due_at IS NOT NULL AND w.test_clock_id = $1::uuid`,
};

/** Withdrawals that are under way and have no refund that is. Parameters: now, by the server, and how many at most. */
export const FIND_DONE_WITHDRAWALS: Statement = {
  name: 'withdrawals.find_done',
  text: `SELECT d.id, d.customer_id FROM withdrawals d
    WHERE d.status = 'PROCESSING' AND ${isReady('withdrawal', 'd.id', '$1::timestamptz')}
      AND NOT EXISTS (SELECT 1 FROM payment_refunds r
        WHERE r.withdrawal_id = d.id AND r.customer_id = d.customer_id AND r.status = 'PENDING')
    ORDER BY d.id LIMIT $2::int`,
};

export interface DueWithdrawalRow {
  readonly id: string;
  readonly customer_id: string;
}
