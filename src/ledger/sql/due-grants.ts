import { isReady, readyAt } from '../../clocks/sql/failed-work.ts';
import type { Statement } from '../../infra/db.ts';

const DUE = `SELECT g.id, w.organization_id, w.customer_id, w.asset_id, w.name
    FROM credit_grants g JOIN wallets w ON w.id = g.wallet_id AND w.customer_id = g.customer_id
    WHERE g.next_transition_at <= $1::timestamptz AND ${isReady('grant', 'g.id', '$1::timestamptz')}`;
const OLDEST_FIRST = 'ORDER BY g.next_transition_at, g.id LIMIT $2::int';

/**
 * Grants whose next transition is due, oldest first, with the key of their wallet. Not locked. Those of
 * customers with a test clock are left to that clock. Parameters: now, how many at most.
 */
export const FIND_DUE_GRANTS: Statement = {
  name: 'ledger.find_due_grants',
  text: `${DUE} AND g.test_clock_id IS NULL ${OLDEST_FIRST}`,
};

/** The same for customers of a test clock, which is the third parameter. */
export const FIND_DUE_GRANTS_OF_CLOCK: Statement = {
  name: 'ledger.find_due_grants_of_clock',
  text: `${DUE} AND g.test_clock_id = $3::uuid ${OLDEST_FIRST}`,
};

/** When the next grant of a clock's customers is due. Parameter: clock. */
export const NEXT_DUE_GRANT: Statement = {
  name: 'ledger.next_due_grant',
  text: `SELECT min(${readyAt('grant', 'g.id', 'g.next_transition_at')}) AS at FROM credit_grants g
    WHERE g.test_clock_id = $1::uuid AND g.next_transition_at IS NOT NULL`,
};

/** Which of these grants are still due, and since when, read once their wallets are locked. */
export const RECHECK_DUE_GRANTS: Statement = {
  name: 'ledger.recheck_due_grants',
  text: `SELECT id, next_transition_at FROM credit_grants
    WHERE id = ANY ($1::uuid[]) AND next_transition_at <= $2::timestamptz`,
};

/** How the organizations and assets of locked wallets want them drawn. */
export const READ_DRAW_RULES: Statement = {
  name: 'ledger.read_draw_rules',
  text: `SELECT a.id AS asset_id, a.burn_order::text AS burn_order, o.settlement_window_seconds
    FROM assets a JOIN organizations o ON o.id = a.organization_id
    WHERE a.id = ANY ($1::uuid[])`,
};

/** When to look at these grants next; null for never again. */
export const SCHEDULE_GRANTS: Statement = {
  name: 'ledger.schedule_grants',
  text: `UPDATE credit_grants g SET next_transition_at = c.next_transition_at
    FROM unnest($1::uuid[], $2::timestamptz[]) AS c (id, next_transition_at)
    WHERE g.id = c.id`,
};

export interface StillDueRow {
  id: string;
  next_transition_at: Date;
}

export interface DueGrantRow {
  id: string;
  organization_id: string;
  customer_id: string;
  asset_id: string;
  name: string;
}
