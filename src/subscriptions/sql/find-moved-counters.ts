import type { Statement } from '../../infra/db.ts';

/** The prices that a subscription has or had: usage of them is counted in its periods. */
const OF_SUBSCRIPTION = `u.kind = 'PRICE' AND EXISTS (SELECT FROM prices p JOIN subscription_terms t
        ON t.customer_id = u.customer_id AND t.subscription_id = $2::uuid
      JOIN plan_versions v ON v.id = t.plan_version_id
      WHERE p.counted_as = u.counted_id AND p.rate_card_id IN (t.override_rate_card_id, v.rate_card_id))`;

const COLUMNS = 'u.kind::text AS kind, u.counted_id, u.slice, u.period_start, u.period_end';

/** Until when the others that give rights count in periods that began at the same instant; null when none does. */
const OF_OTHERS = `SELECT max(s.period_end) FROM subscriptions s
      WHERE s.customer_id = $1::uuid AND s.id <> $2::uuid AND s.period_start = $3::timestamptz
        AND s.status IN ('TRIALING', 'ACTIVE', 'PAST_DUE')`;

/**
 * Counters of a subscription's period whose end is moved: of its prices, and of features until the reset with its
 * periods. What is used of a feature is counted once for all subscriptions, so that it ends with the last of those
 * whose periods began together. Not locked. Parameters: customer, subscription, where the period begins, ended so far, and ends.
 */
export const FIND_MOVED_COUNTERS: Statement = {
  name: 'subscriptions.find_moved_counters',
  text: `WITH u AS (
      SELECT u.*, CASE WHEN u.kind = 'PRICE' THEN $5::timestamptz
        ELSE greatest($5::timestamptz, (${OF_OTHERS})) END AS until
      FROM usage_counters u
      WHERE u.customer_id = $1::uuid AND u.period_end = $4::timestamptz AND u.period_start = $3::timestamptz
        AND (${OF_SUBSCRIPTION} OR u.kind IN ('FEATURE', 'SUBJECT') AND u.slice ~ '^PERIOD($|[/ ])')
    )
    SELECT ${COLUMNS}, u.until FROM u WHERE u.until <> u.period_end`,
};

/**
 * Counters of a subscription's prices that were begun when it was not known how its periods would go on, and
 * end elsewhere: those of the period that begins now, and those before that reach into it. Not locked.
 * Parameters: customer, subscription, where the period begins, and ends.
 */
export const FIND_GUESSED_COUNTERS: Statement = {
  name: 'subscriptions.find_guessed_counters',
  text: `SELECT ${COLUMNS}, CASE WHEN u.period_start = $3::timestamptz THEN $4::timestamptz ELSE $3::timestamptz END
      AS until
    FROM usage_counters u
    WHERE u.customer_id = $1::uuid AND u.kind = 'PRICE' AND u.period_end > $3::timestamptz
      AND (u.period_start < $3::timestamptz
        OR u.period_start = $3::timestamptz AND u.period_end <> $4::timestamptz)
      AND ${OF_SUBSCRIPTION}`,
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
 * The last value that was said of a counter of values that are weighted with time; nothing of any other.
 * Parameters: customer, what is counted, start of the period, slice.
 */
export const READ_LAST_VALUE: Statement = {
  name: 'subscriptions.read_last_value',
  text: `SELECT r.occurred_at, r.value::text AS value FROM usage_readings r
    WHERE r.customer_id = $1::uuid AND r.counted_id = $2::uuid AND r.period_start = $3::timestamptz
      AND r.slice = $4 AND EXISTS (SELECT FROM billable_metrics m
        WHERE m.aggregation = 'TIME_WEIGHTED_SUM' AND m.id = coalesce(
          (SELECT metric_id FROM prices WHERE id = $2::uuid), (SELECT metric_id FROM features WHERE id = $2::uuid)))
    ORDER BY r.occurred_at DESC, r.rank DESC LIMIT 1`,
};
