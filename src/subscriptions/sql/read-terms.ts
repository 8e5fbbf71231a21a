import type { Statement } from '../../infra/db.ts';
import type { IntervalUnit } from '../periods.ts';

/**
 * When the subscriptions of a customer `c` had periods, and how they go on: from the last period on that began
 * before an instant.
 */
export const coursesOf = (since: string) => `(SELECT json_agg(json_build_object(
          'subscriptionId', s.id, 'anchorMs', (extract(epoch FROM s.anchor_at) * 1000)::float8,
          'timeZone', s.time_zone,
          'interval', json_build_array(v.definition -> 'interval', v.definition -> 'intervalCount'),
          'nextInterval', json_build_array(n.definition -> 'interval', n.definition -> 'intervalCount'),
          'begun', p.begun))
        FROM subscriptions s JOIN plan_versions v ON v.id = s.plan_version_id
        JOIN plan_versions n ON n.id = coalesce((s.scheduled ->> 'planVersionId')::uuid, s.plan_version_id)
        JOIN LATERAL (
          SELECT json_agg(json_build_array((extract(epoch FROM starts_at) * 1000)::float8,
            (extract(epoch FROM ends_at) * 1000)::float8, is_trial) ORDER BY starts_at) AS begun
          FROM subscription_periods
          WHERE subscription_id = s.id AND customer_id = s.customer_id AND starts_at >= coalesce((
            SELECT max(starts_at) FROM subscription_periods
            WHERE subscription_id = s.id AND customer_id = s.customer_id AND starts_at <= ${since}), '-infinity')
        ) p ON p.begun IS NOT NULL
        WHERE s.customer_id = c.id AND (s.ended_at IS NULL OR s.ended_at > ${since}))`;

/**
 * The terms of customers that have or had a subscription, in one snapshot with their version; others have no
 * row. Parameters: customer ids, and the server's time; of what ended before usage is still accepted nothing is
 * read but the last period. Spans are in the order of their subscriptions, periods in their own.
 */
export const READ_TERMS: Statement = {
  name: 'subscriptions.read_terms',
  text: `SELECT c.id AS customer_id, c.terms_version::float8 AS version,
      (SELECT json_agg(json_build_object(
          'subscriptionId', t.subscription_id,
          'fromMs', (extract(epoch FROM t.effective_from) * 1000)::float8,
          'untilMs', (extract(epoch FROM t.effective_until) * 1000)::float8,
          'overrideCardId', t.override_rate_card_id, 'cardId', v.rate_card_id, 'planVersionId', v.id,
          'isEntitled', s.status IN ('TRIALING', 'ACTIVE', 'PAST_DUE'), 'seats', s.seats, 'addOns', s.add_ons,
          'overrides', s.overrides -> 'entitlements')
          ORDER BY t.subscription_id, t.effective_from)
        FROM subscription_terms t JOIN plan_versions v ON v.id = t.plan_version_id
        JOIN subscriptions s ON s.id = t.subscription_id AND s.customer_id = t.customer_id
        WHERE t.customer_id = c.id AND (t.effective_until IS NULL OR t.effective_until > k.since)) AS spans,
      ${coursesOf('k.since')} AS courses
    FROM customers c LEFT JOIN test_clocks l ON l.id = c.test_clock_id
    CROSS JOIN LATERAL (SELECT coalesce(l.now, $2::timestamptz) - interval '36 days' AS since) k
    WHERE c.id = ANY ($1::uuid[]) AND c.terms_version > 0`,
};

export interface TermsRow {
  customer_id: string;
  version: number;
  spans: TermsSpanRow[] | null;
  courses: CourseRow[] | null;
}

/** Length and number, as a plan says them: what it does not say is a month, and one. */
type IntervalRow = [unit: IntervalUnit | null, count: number | null];

/** When a subscription's periods were, and how they go on. */
export interface CourseRow {
  subscriptionId: string;
  anchorMs: number;
  timeZone: string;
  interval: IntervalRow;
  nextInterval: IntervalRow;
  begun: [startMs: number, endMs: number, isTrial: boolean][];
}

/** A version of a plan that a subscription was on for some time, and the subscription as it is now. */
export interface TermsSpanRow {
  subscriptionId: string;
  fromMs: number;
  untilMs: number | null;
  overrideCardId: string | null;
  cardId: string | null;
  planVersionId: string;
  isEntitled: boolean;
  seats: number;
  addOns: string[];
  /** Documents of entitlements. */
  overrides: unknown[] | null;
}

/**
 * Which of these customers have other terms than the caller knows. Parameters: customer ids and the versions
 * known, side by side. Mostly none, so that nothing is on the wire.
 */
export const FIND_STALE_TERMS: Statement = {
  name: 'subscriptions.find_stale_terms',
  text: `SELECT c.id FROM unnest($1::uuid[], $2::bigint[]) AS k (id, version)
    JOIN customers c ON c.id = k.id WHERE c.terms_version <> k.version`,
};
