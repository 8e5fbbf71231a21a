import type { Statement } from '../../infra/db.ts';
import { coursesOf, type TermsRow, type TermsSpanRow } from '../../subscriptions/sql/read-terms.ts';

/** Versions with a billing period. The parameters behind `at`: interval, how many of it. */
const ofInterval = (at: number) =>
  `v.definition->>'interval' = $${at} AND (v.definition->>'intervalCount')::int = $${at + 1}::int`;

/**
 * Where the earliest period begins that an instant lies in, of subscriptions that had periods of that length then.
 * Behind the last period that has begun it is the next, as for charges. Parameters: organization, customer (null for
 * all), instant, interval, how many of it.
 */
export const READ_FIRST_PERIOD: Statement = {
  name: 'simulation.read_first_period',
  text: `SELECT min(p.start) AS start
    FROM subscription_terms t JOIN plan_versions v ON v.id = t.plan_version_id AND ${ofInterval(4)}
    CROSS JOIN LATERAL (
      SELECT CASE WHEN ends_at > $3::timestamptz THEN starts_at ELSE ends_at END AS start
      FROM subscription_periods
      WHERE subscription_id = t.subscription_id AND customer_id = t.customer_id AND starts_at <= $3::timestamptz
      ORDER BY starts_at DESC LIMIT 1
    ) p
    WHERE t.organization_id = $1::uuid AND ($2::uuid IS NULL OR t.customer_id = $2::uuid)
      AND t.effective_from <= $3::timestamptz
      AND (t.effective_until IS NULL OR t.effective_until > $3::timestamptz)`,
};

/**
 * When customers had subscriptions with periods of a length, and which: as terms on one card. Parameters: customer ids,
 * the card, interval, how many of it.
 */
export const READ_PERIODS: Statement = {
  name: 'simulation.read_periods',
  text: `SELECT c.id AS customer_id, c.terms_version::float8 AS version,
      (SELECT json_agg(json_build_object(
          'subscriptionId', t.subscription_id,
          'fromMs', (extract(epoch FROM t.effective_from) * 1000)::float8,
          'untilMs', (extract(epoch FROM t.effective_until) * 1000)::float8,
          'overrideCardId', NULL, 'cardId', $2::uuid)
          ORDER BY t.subscription_id, t.effective_from)
        FROM subscription_terms t JOIN plan_versions v ON v.id = t.plan_version_id AND ${ofInterval(3)}
        WHERE t.customer_id = c.id) AS spans,
      ${coursesOf("'-infinity'::timestamptz")} AS courses
    FROM customers c WHERE c.id = ANY ($1::uuid[]) AND c.terms_version > 0`,
};

/** The same as a row of terms, but for the rights that it gives. */
export interface PeriodsRow extends Omit<TermsRow, 'spans'> {
  spans:
    | Pick<TermsSpanRow, 'subscriptionId' | 'fromMs' | 'untilMs' | 'overrideCardId' | 'cardId'>[]
    | null;
}
