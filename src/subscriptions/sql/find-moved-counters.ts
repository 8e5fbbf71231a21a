import type { Statement } from '../../infra/db.ts';

/** Whether a subscription has or had a price that the counter `u` counts for: its usage is counted in its periods. */
const countsFor = (subscription: string) => `EXISTS (SELECT FROM prices p
      JOIN subscription_terms t ON t.customer_id = u.customer_id AND t.subscription_id = ${subscription}
      JOIN plan_versions v ON v.id = t.plan_version_id
      WHERE p.counted_as = u.counted_id AND p.rate_card_id IN (t.override_rate_card_id, v.rate_card_id))`;

const OF_SUBSCRIPTION = `u.kind = 'PRICE' AND ${countsFor('$2::uuid')}`;

const COLUMNS = 'u.kind::text AS kind, u.counted_id, u.slice, u.period_start, u.period_end';

/** Until when others count in the same counter, for their periods began at the same instant; null when none does. */
const OF_OTHERS = `SELECT max(s.period_end) FROM subscriptions s
      WHERE s.customer_id = $1::uuid AND s.id <> $2::uuid AND s.period_start = $3::timestamptz
        AND s.status IN ('TRIALING', 'ACTIVE', 'PAST_DUE') AND (u.kind <> 'PRICE' OR ${countsFor('s.id')})`;

/**
 * Counters of a subscription's period whose end is moved: of its prices, and of features until the reset with its
 * periods. A counter is shared by all subscriptions that count in it and whose periods began together, so that it ends
 * with the last of them. Not locked. Parameters: customer, subscription, where the period begins, ended so far, and ends.
 */
export const FIND_MOVED_COUNTERS: Statement = {
  name: 'subscriptions.find_moved_counters',
  text: `WITH u AS (
      SELECT u.*, greatest($5::timestamptz, (${OF_OTHERS})) AS until
      FROM usage_counters u
      WHERE u.customer_id = $1::uuid AND u.period_end = $4::timestamptz AND u.period_start = $3::timestamptz
        AND (${OF_SUBSCRIPTION} OR u.kind IN ('FEATURE', 'SUBJECT') AND u.slice ~ '^PERIOD($|[/ ])')
    )
    SELECT ${COLUMNS}, u.until FROM u WHERE u.until <> u.period_end`,
};

/** Where the last period ended that the subscription had before: nothing before it was guessed. */
const BEHIND_LAST = `coalesce((SELECT max(o.ends_at) FROM subscription_periods o
      WHERE o.subscription_id = $2::uuid AND o.customer_id = $1::uuid AND o.starts_at < $3::timestamptz),
      $3::timestamptz)`;

/** What is counted in a period that another subscription has begun is none of this one's guesses. */
const OF_NOBODY_ELSE = `NOT EXISTS (SELECT FROM subscription_periods o
      WHERE o.customer_id = $1::uuid AND o.subscription_id <> $2::uuid AND o.starts_at = u.period_start
        AND ${countsFor('o.subscription_id')})`;

/**
 * Counters of a subscription's prices that were begun when it was not known how its periods would go on, and
 * end elsewhere: those of the period that begins now, and those before that reach into it. Not locked.
 * Parameters: customer, subscription, where the period begins, and ends.
 */
export const FIND_GUESSED_COUNTERS: Statement = {
  name: 'subscriptions.find_guessed_counters',
  text: `WITH u AS (
      SELECT u.*, CASE WHEN u.period_start = $3::timestamptz
        THEN greatest($4::timestamptz, (${OF_OTHERS})) ELSE $3::timestamptz END AS until
      FROM usage_counters u
      WHERE u.customer_id = $1::uuid AND u.kind = 'PRICE' AND u.period_end > $3::timestamptz
        AND u.period_start <= $3::timestamptz AND u.period_start >= ${BEHIND_LAST} AND ${OF_SUBSCRIPTION}
        AND (u.period_start = $3::timestamptz OR ${OF_NOBODY_ELSE})
    )
    SELECT ${COLUMNS}, u.until FROM u WHERE u.until <> u.period_end`,
};

export interface MovedCounterRow {
  kind: 'PRICE' | 'FEATURE' | 'SUBJECT';
  counted_id: string;
  slice: string;
  period_start: Date;
  period_end: Date;
  /** Where it ends from now on. */
  until: Date;
}

/**
 * The values that were said of a counter of values that are weighted with time, from the last one before an instant on;
 * nothing of any other. Parameters: customer, what is counted, start of the period, slice, the instant.
 */
export const READ_LAST_VALUES: Statement = {
  name: 'subscriptions.read_last_values',
  text: `SELECT r.occurred_at, r.value::text AS value FROM usage_readings r
    WHERE r.occurred_at >= coalesce((SELECT max(b.occurred_at) FROM usage_readings b
        WHERE b.customer_id = $1::uuid AND b.counted_id = $2::uuid AND b.period_start = $3::timestamptz
          AND b.slice = $4 AND b.occurred_at <= $5::timestamptz), '-infinity'::timestamptz)
      AND r.customer_id = $1::uuid AND r.counted_id = $2::uuid AND r.period_start = $3::timestamptz
      AND r.slice = $4 AND EXISTS (SELECT FROM billable_metrics m
        WHERE m.aggregation = 'TIME_WEIGHTED_SUM' AND m.id = coalesce(
          (SELECT metric_id FROM prices WHERE id = $2::uuid), (SELECT metric_id FROM features WHERE id = $2::uuid)))
    ORDER BY r.occurred_at, r.rank`,
};
