import type { Statement } from '../../infra/db.ts';

export interface DueRow {
  readonly id: string;
  readonly organization_id: string;
}

/** Subscriptions that lacked funds and whose wallet has moved on since. */
const FUNDED = `SELECT s.id, s.organization_id FROM subscriptions s
      JOIN wallets w ON w.id = s.awaits_wallet_id AND w.customer_id = s.customer_id
      WHERE s.awaits_wallet_id IS NOT NULL AND w.version <> s.awaits_version`;

const DUE = `SELECT s.id, s.organization_id FROM subscriptions s WHERE s.next_transition_at <= $1::timestamptz`;
const OLDEST_FIRST = 'ORDER BY s.next_transition_at, s.id LIMIT $2::int';

/**
 * Subscriptions whose time has come, and those that can be tried again. Not locked. Those of customers with
 * a test clock are left to that clock. Parameters: now, how many of each at most.
 */
export const FIND_DUE: Statement = {
  name: 'subscriptions.find_due',
  text: `(${DUE} AND s.test_clock_id IS NULL ${OLDEST_FIRST})
    UNION (${FUNDED} AND s.test_clock_id IS NULL LIMIT $2::int)`,
};

/** The same for customers of a test clock, which is the third parameter. */
export const FIND_DUE_OF_CLOCK: Statement = {
  name: 'subscriptions.find_due_of_clock',
  text: `(${DUE} AND s.test_clock_id = $3::uuid ${OLDEST_FIRST})
    UNION (${FUNDED} AND s.test_clock_id = $3::uuid LIMIT $2::int)`,
};

/** When the next of a clock's subscriptions is due: the one that can be tried again is so now. Parameter: clock. */
export const NEXT_DUE: Statement = {
  name: 'subscriptions.next_due',
  text: `SELECT CASE
      WHEN EXISTS (${FUNDED} AND s.test_clock_id = $1::uuid) THEN (SELECT now FROM test_clocks WHERE id = $1::uuid)
      ELSE (SELECT min(next_transition_at) FROM subscriptions WHERE test_clock_id = $1::uuid)
    END AS at`,
};
