import { isReady, readyAt } from '../../clocks/sql/failed-work.ts';
import type { Statement } from '../../infra/db.ts';
import { availableAt } from '../../ledger/sql/available-at.ts';

export interface DueRow {
  readonly id: string;
  readonly organization_id: string;
}

const DUE = `SELECT s.id, s.organization_id FROM subscriptions s
    WHERE s.next_transition_at <= $1::timestamptz AND ${isReady('subscription', 's.id', '$1::timestamptz')}`;
const OLDEST_FIRST = 'ORDER BY s.next_transition_at, s.id LIMIT $2::int';

/**
 * Subscriptions whose time has come, oldest first. Not locked. Those of customers with a test clock are left to that
 * clock. Parameters: now, how many at most.
 */
export const FIND_DUE: Statement = {
  name: 'subscriptions.find_due',
  text: `${DUE} AND s.test_clock_id IS NULL ${OLDEST_FIRST}`,
};

/** The same for customers of a test clock, which is the third parameter. */
export const FIND_DUE_OF_CLOCK: Statement = {
  name: 'subscriptions.find_due_of_clock',
  text: `${DUE} AND s.test_clock_id = $3::uuid ${OLDEST_FIRST}`,
};

/** Whether a wallet `w` has more of what a subscription `s` waits for than when that was looked at last. */
const hasMore = (now: string) => `CASE WHEN s.status = 'PENDING' AND s.prefund_amount IS NOT NULL
      THEN w.balance ELSE ${availableAt(now)} END > s.awaits_balance`;

/**
 * Of those that lack funds, in the order of their ids behind one of them, the ones that can be tried again: more can be
 * paid from the wallet, or it has changed and they have waited. Parameters: now, of which clock (null for none), behind
 * which, how many are looked at.
 */
export const FIND_FUNDED: Statement = {
  name: 'subscriptions.find_funded',
  text: `WITH page AS (
      SELECT * FROM subscriptions WHERE awaits_wallet_id IS NOT NULL AND id > $3::uuid
        AND test_clock_id IS NOT DISTINCT FROM $2::uuid
      ORDER BY id LIMIT $4::int
    )
    SELECT (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*)::int FROM page) AS count,
      (SELECT json_agg(json_build_object('id', s.id, 'organization_id', s.organization_id) ORDER BY s.id)
        FROM page s JOIN wallets w ON w.id = s.awaits_wallet_id AND w.customer_id = s.customer_id
        WHERE w.version <> s.awaits_version
          AND (s.awaits_again_at <= $1::timestamptz OR ${hasMore('$1::timestamptz')})
          AND ${isReady('subscription', 's.id', '$1::timestamptz')}) AS due`,
};

export interface FundedRow {
  readonly last: string | null;
  readonly count: number;
  readonly due: DueRow[] | null;
}

/**
 * When the next of a clock's subscriptions is due: one that can be tried again is so now, or when it has waited.
 * Parameter: clock.
 */
export const NEXT_DUE: Statement = {
  name: 'subscriptions.next_due',
  text: `SELECT least(
      (SELECT min(${readyAt('subscription', 's.id', 's.next_transition_at')}) FROM subscriptions s
        WHERE s.test_clock_id = $1::uuid AND s.next_transition_at IS NOT NULL),
      (SELECT min(${readyAt('subscription', 's.id', `CASE WHEN ${hasMore('c.now')} THEN c.now ELSE s.awaits_again_at END`)})
        FROM subscriptions s JOIN test_clocks c ON c.id = s.test_clock_id
        JOIN wallets w ON w.id = s.awaits_wallet_id AND w.customer_id = s.customer_id
        WHERE s.test_clock_id = $1::uuid AND w.version <> s.awaits_version)
    ) AS at`,
};
