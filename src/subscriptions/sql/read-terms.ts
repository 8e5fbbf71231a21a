import type { Statement } from '../../infra/db.ts';

/**
 * The terms of customers that have or had a subscription, in one snapshot with their version; others have no
 * row. Parameter: customer ids. Spans are in the order of their subscriptions.
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
        WHERE t.customer_id = c.id) AS spans,
      (SELECT json_agg(json_build_array(p.subscription_id,
          (extract(epoch FROM p.starts_at) * 1000)::float8, (extract(epoch FROM p.ends_at) * 1000)::float8)
          ORDER BY p.starts_at)
        FROM subscription_periods p WHERE p.customer_id = c.id) AS periods
    FROM customers c WHERE c.id = ANY ($1::uuid[]) AND c.terms_version > 0`,
};

export interface TermsRow {
  customer_id: string;
  version: number;
  spans: TermsSpanRow[] | null;
  periods: [subscriptionId: string, startMs: number, endMs: number][] | null;
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
