import type { Statement } from '../../infra/db.ts';
import type { WalletKeyRow } from '../../ledger/lock.ts';

const COLUMNS = 'r.id AS rule_id, g.id AS grant_id, w.customer_id, w.asset_id, w.name';

/** Whether an alert `a` is about the end that a grant `g` has now: it may have been given a later one since. */
const IS_OF_THIS_END = 'a.grant_ends_at = g.expires_at';

/** Whether a rule `r` is for a grant `g` of a wallet `w`, and has not told of its end. */
const IS_UNTOLD = `r.kind = 'GRANT_EXPIRING' AND r.deleted_at IS NULL
      AND (r.customer_id IS NULL OR r.customer_id = g.customer_id)
      AND (r.wallet_id IS NULL OR r.wallet_id = g.wallet_id)
      AND (r.asset_id IS NULL OR r.asset_id = w.asset_id)
      AND NOT EXISTS (SELECT 1 FROM alerts a
        WHERE a.grant_id = g.id AND a.rule_id = r.id AND a.customer_id = g.customer_id
          AND ${IS_OF_THIS_END})`;

/** A day is 24 hours, as for `tellExpiring`, and not what the session's time zone makes of it. */
const DAYS_OF_RULE = `make_interval(hours => 24 * (r.terms ->> 'days')::int)`;

function findExpiring(whose: string): string {
  return `SELECT ${COLUMNS}
    FROM alert_rules r
    JOIN credit_grants g ON g.organization_id = r.organization_id
      AND g.next_transition_at > $1::timestamptz
      AND g.next_transition_at <= $1::timestamptz + ${DAYS_OF_RULE}
      AND g.expires_at <= $1::timestamptz + ${DAYS_OF_RULE}
      AND g.expires_at > $1::timestamptz AND g.open
    JOIN wallets w ON w.id = g.wallet_id AND w.customer_id = g.customer_id
    WHERE ${IS_UNTOLD} AND ${whose}
    ORDER BY g.expires_at, g.id, r.id LIMIT $2::int`;
}

/**
 * Grants that a rule wants to be told of and has not been: open, and ending within its days. Parameters:
 * now, how many at most, of which organization; null for all. Until its end, the next transition of a grant is no
 * later than that, so that its index finds them. Customers with a test clock are left to that clock.
 */
export const FIND_EXPIRING: Statement = {
  name: 'alerts.find_expiring',
  text: findExpiring(
    'g.test_clock_id IS NULL AND ($3::uuid IS NULL OR r.organization_id = $3::uuid)',
  ),
};

/** The same for the customers of a test clock, which is the third parameter. */
export const FIND_EXPIRING_OF_CLOCK: Statement = {
  name: 'alerts.find_expiring_of_clock',
  text: findExpiring('g.test_clock_id = $3::uuid'),
};

/**
 * Of these, those whose days have begun since an instant; but for grants that do not count yet, whose next
 * transition is another. Parameters: now, how many at most, the instant. Reads a short stretch of the index
 * for each number of days that there are rules of, before it looks whose rules these are: MATERIALIZED and
 * OFFSET keep the planner from reading it once a rule, or all open grants.
 */
export const FIND_BEGINNING: Statement = {
  name: 'alerts.find_beginning',
  text: `WITH begun AS MATERIALIZED (
      SELECT d.days, g.id, g.organization_id, g.customer_id, g.wallet_id, g.expires_at
      FROM (SELECT DISTINCT ${DAYS_OF_RULE} AS days FROM alert_rules r
        WHERE r.kind = 'GRANT_EXPIRING' AND r.deleted_at IS NULL) d
      CROSS JOIN LATERAL (SELECT g.* FROM credit_grants g
        WHERE g.next_transition_at > greatest($1::timestamptz, $3::timestamptz + d.days)
          AND g.next_transition_at <= $1::timestamptz + d.days
          AND g.expires_at = g.next_transition_at AND g.open AND g.test_clock_id IS NULL OFFSET 0) g
    )
    SELECT ${COLUMNS}
    FROM begun g
    JOIN alert_rules r ON r.organization_id = g.organization_id AND ${DAYS_OF_RULE} = g.days
    JOIN wallets w ON w.id = g.wallet_id AND w.customer_id = g.customer_id
    WHERE ${IS_UNTOLD}
    ORDER BY g.expires_at LIMIT $2::int`,
};

/**
 * Of these pairs of rule and grant, those that nobody has told of and that the rule still asks for: it may
 * have been deleted, or have other days, since they were found. Read once their wallets are locked; the
 * third parameter is now.
 */
export const RECHECK_EXPIRING: Statement = {
  name: 'alerts.recheck_expiring',
  text: `SELECT k.rule_id, k.grant_id FROM unnest($1::uuid[], $2::uuid[]) AS k (rule_id, grant_id)
    JOIN alert_rules r ON r.id = k.rule_id AND r.deleted_at IS NULL
    JOIN credit_grants g ON g.id = k.grant_id
      AND g.expires_at <= $3::timestamptz + ${DAYS_OF_RULE}
    WHERE NOT EXISTS (SELECT 1 FROM alerts a WHERE a.grant_id = k.grant_id AND a.rule_id = k.rule_id
      AND ${IS_OF_THIS_END})`,
};

/** Which rules have told of the ends of these grants: side by side. Read once their wallet is locked. */
export const READ_TOLD_GRANTS: Statement = {
  name: 'alerts.read_told_grants',
  text: `SELECT a.rule_id, a.grant_id FROM unnest($1::uuid[], $2::timestamptz[]) AS g (id, expires_at)
    JOIN alerts a ON a.grant_id = g.id AND ${IS_OF_THIS_END}`,
};

const ACTIVE = `FROM alerts a
    JOIN alert_rules r ON r.id = a.rule_id
    JOIN credit_grants g ON g.id = a.grant_id AND g.customer_id = a.customer_id
    JOIN wallets w ON w.id = a.wallet_id AND w.customer_id = a.customer_id
    WHERE a.recovered_at IS NULL AND a.kind = 'GRANT_EXPIRING'`;

function findExpired(whose: string): string {
  return `SELECT a.id, w.customer_id, w.asset_id, w.name
    ${ACTIVE} AND ${whose}
      AND (r.deleted_at IS NOT NULL OR g.expires_at <= $1::timestamptz OR NOT g.open OR NOT ${IS_OF_THIS_END})
    ORDER BY a.id LIMIT $2::int`;
}

/**
 * Alerts about grants that are over: spent, ended, voided or given a later end, or the rule is gone. Parameters: now, how many at
 * most, of which organization; null for all. Customers with a test clock are left to that clock.
 */
export const FIND_EXPIRED: Statement = {
  name: 'alerts.find_expired',
  text: findExpired(
    'w.test_clock_id IS NULL AND ($3::uuid IS NULL OR a.organization_id = $3::uuid)',
  ),
};

/** The same for the customers of a test clock, which is the third parameter. */
export const FIND_EXPIRED_OF_CLOCK: Statement = {
  name: 'alerts.find_expired_of_clock',
  text: findExpired('w.test_clock_id = $3::uuid'),
};

/**
 * When the next of both is due among the customers of a test clock: the first moment of a rule's days before
 * the end of a grant that it has not told of, or the end of one that it has. Parameters: clock, its now.
 */
export const NEXT_EXPIRING: Statement = {
  name: 'alerts.next_expiring',
  text: `SELECT least(
      (SELECT min(g.expires_at - ${DAYS_OF_RULE})
        FROM credit_grants g
        JOIN alert_rules r ON r.organization_id = g.organization_id
        JOIN wallets w ON w.id = g.wallet_id AND w.customer_id = g.customer_id
        WHERE g.test_clock_id = $1::uuid AND g.open AND g.expires_at > $2::timestamptz AND ${IS_UNTOLD}),
      (SELECT min(CASE WHEN r.deleted_at IS NULL AND g.open AND ${IS_OF_THIS_END} THEN g.expires_at ELSE $2::timestamptz END)
        ${ACTIVE} AND w.test_clock_id = $1::uuid)
    ) AS at`,
};

/** Those of these alerts that are still active, read once their wallets are locked. */
export const RECHECK_EXPIRED: Statement = {
  name: 'alerts.recheck_expired',
  text: `SELECT id, rule_id, grant_id, wallet_id, customer_id FROM alerts
    WHERE id = ANY ($1::uuid[]) AND recovered_at IS NULL`,
};

export interface ExpiringRow extends WalletKeyRow {
  rule_id: string;
  grant_id: string;
}

export type ToldGrantRow = Pick<ExpiringRow, 'rule_id' | 'grant_id'>;

export interface ExpiredRow extends WalletKeyRow {
  id: string;
}

export interface StillActiveRow {
  id: string;
  rule_id: string;
  grant_id: string;
  wallet_id: string;
  customer_id: string;
}
