import { isReady, readyAt } from '../../clocks/sql/failed-work.ts';
import type { Statement } from '../../infra/db.ts';
import { ITS_EVENT } from './read-usage.ts';

/** Usage is accepted for 35 days; a day more, for clocks that differ. */
const ACCEPTED = `interval '36 days'`;

const OVER = `c.period_end + ${ACCEPTED}`;

/** Entries of a piece about usage of the period: what it costs, or what came back of that. */
const HAS_USAGE = `(EXISTS (SELECT FROM ledger_entries e
      ${ITS_EVENT}
      WHERE e.wallet_id = t.wallet_id AND e.sequence > t.looked_until AND e.sequence <= t.until
        AND e.cause IN ('USAGE', 'CORRECTION')
        AND v.occurred_at >= t.period_start AND v.occurred_at < t.period_end)
    OR EXISTS (SELECT FROM ledger_entries e
      JOIN charge_corrections q ON q.cause_id = e.cause_id AND q.customer_id = e.customer_id
      WHERE e.wallet_id = t.wallet_id AND e.sequence > t.looked_until AND e.sequence <= t.until
        AND e.cause = 'ADJUSTMENT' AND q.period_start >= t.period_start AND q.period_start < t.period_end))`;

const dueOf = (testClock: string) => `WITH page AS (
      SELECT c.id, c.organization_id, c.customer_id, c.wallet_id, c.period_start, c.period_end, c.looked_until,
        least(w.last_sequence, c.looked_until + $4::bigint) AS until, w.last_sequence, ${OVER} <= $1::timestamptz AS is_over,
        c.amount - c.returned AS remaining, c.missing, CASE a.kind WHEN 'FIAT' THEN a.minor_units ELSE a.scale END AS scale
      FROM subscription_charges c JOIN wallets w ON w.id = c.wallet_id AND w.customer_id = c.customer_id
      JOIN assets a ON a.id = w.asset_id
      WHERE c.looked_until IS NOT NULL AND c.id > $2::uuid
        AND (w.last_sequence > c.looked_until OR ${OVER} <= $1::timestamptz)
        AND ${isReady('true_up', 'c.id', '$1::timestamptz')} AND w.test_clock_id ${testClock}
      ORDER BY c.id LIMIT $3::int
    ), turn AS (
      SELECT p.*, sum(until - looked_until) OVER (ORDER BY id) AS entries FROM page p
    )
    SELECT id, organization_id, customer_id, looked_until::float8 AS looked_until, until::float8 AS until,
      last_sequence::float8 AS last_sequence, is_over, remaining::text AS remaining, missing::text AS missing, scale,
      ${HAS_USAGE} AS has_usage
    FROM turn t WHERE entries <= $4::bigint ORDER BY id`;

/**
 * True-ups that may have to give way, for something was booked on their wallet since they were looked at; or that are
 * looked at for the last time. Each with the piece of these entries that is looked at now: of one wallet and of a page,
 * no more than the bound. In the order of their ids; not locked. Those of customers with a test clock are left to
 * that clock. Parameters: now, behind which, how many at most, how many entries at most.
 */
export const FIND_LATE_USAGE: Statement = {
  name: 'subscriptions.find_late_usage',
  text: dueOf('IS NULL'),
};

/** The same for customers of a test clock, which is the fifth parameter. */
export const FIND_LATE_USAGE_OF_CLOCK: Statement = {
  name: 'subscriptions.find_late_usage_of_clock',
  text: dueOf('= $5::uuid'),
};

/** When the next true-up of a clock's customers is looked at. Parameter: clock. */
export const NEXT_LATE_USAGE: Statement = {
  name: 'subscriptions.next_late_usage',
  text: `SELECT min(${readyAt(
    'true_up',
    'c.id',
    `CASE WHEN w.last_sequence > c.looked_until THEN least(k.now, ${OVER}) ELSE ${OVER} END`,
  )}) AS at
    FROM test_clocks k JOIN wallets w ON w.test_clock_id = k.id
    JOIN subscription_charges c ON c.wallet_id = w.id AND c.customer_id = w.customer_id
    WHERE k.id = $1::uuid AND c.looked_until IS NOT NULL`,
};

export interface LateUsageRow {
  readonly id: string;
  readonly organization_id: string;
  readonly customer_id: string;
  readonly looked_until: number;
  /** The last entry of the piece that is looked at now. */
  readonly until: number;
  readonly last_sequence: number;
  /** Whether usage of its period is accepted no more. */
  readonly is_over: boolean;
  readonly has_usage: boolean;
  /** What can still come back of it ... */
  readonly remaining: string;
  /** ... and what usage is short of the minimum by the entries before this piece, in which it is charged ... */
  readonly missing: string;
  /** ... with so many decimal places. */
  readonly scale: number;
}

/**
 * Nothing of the pieces that were looked at was about usage of their periods. Those that somebody else looks at are left to him.
 * Parameters: charges, up to where they were looked at, up to where they are now; side by side.
 */
export const PASS_OVER: Statement = {
  name: 'subscriptions.pass_over_late_usage',
  text: `WITH others AS (
      SELECT c.id, c.customer_id, k.until FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS k (id, since, until)
      JOIN subscription_charges c ON c.id = k.id AND c.looked_until = k.since
      FOR NO KEY UPDATE OF c SKIP LOCKED
    )
    UPDATE subscription_charges c SET looked_until = o.until
    FROM others o WHERE c.id = o.id AND c.customer_id = o.customer_id`,
};

/** What a true-up is, and the wallet that it was paid from. Parameters: the charge, its customer. */
export const READ_TRUE_UP: Statement = {
  name: 'subscriptions.read_true_up',
  text: `SELECT c.id, c.subscription_id, c.wallet_id, w.asset_id, c.period_start, c.period_end,
      c.amount::text AS amount, c.returned::text AS returned, c.missing::text AS missing,
      c.first_sequence::float8 AS first_sequence, c.entry_count, c.looked_until::float8 AS looked_until
    FROM subscription_charges c JOIN wallets w ON w.id = c.wallet_id AND w.customer_id = c.customer_id
    WHERE c.id = $1::uuid AND c.customer_id = $2::uuid`,
};

export interface TrueUpRow {
  readonly id: string;
  readonly subscription_id: string;
  readonly wallet_id: string;
  readonly asset_id: string;
  readonly period_start: Date;
  readonly period_end: Date;
  readonly amount: string;
  readonly returned: string;
  readonly missing: string;
  readonly first_sequence: number;
  readonly entry_count: number;
  readonly looked_until: number | null;
}

/**
 * What usage is short of the minimum by the entries up to one; null for no more looking. Parameters: the charge, its
 * customer, up to where it was looked at, the amount, up to where it is now. Answers nothing where somebody else has
 * looked meanwhile.
 */
export const NOTE_LOOKED: Statement = {
  name: 'subscriptions.note_looked',
  text: `UPDATE subscription_charges SET missing = $4::numeric, looked_until = $5::bigint
    WHERE id = $1::uuid AND customer_id = $2::uuid AND looked_until = $3::bigint
    RETURNING id`,
};
