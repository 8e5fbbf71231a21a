import type { Statement } from '../../infra/db.ts';

/**
 * The subscriptions that give customers rights, with the version of the plan that each was on from when to
 * when. Parameter: customer ids.
 */
export const READ_SUBSCRIPTIONS: Statement = {
  name: 'entitlements.read_subscriptions',
  text: `SELECT s.customer_id, s.seats, s.add_ons, s.overrides -> 'entitlements' AS overrides,
      s.period_start, s.period_end, t.plan_version_id, t.effective_from, t.effective_until
    FROM subscriptions s
    JOIN subscription_terms t ON t.subscription_id = s.id AND t.customer_id = s.customer_id
    WHERE s.customer_id = ANY ($1::uuid[]) AND s.status IN ('TRIALING', 'ACTIVE', 'PAST_DUE')
    ORDER BY s.id, t.effective_from`,
};

export interface SubscriptionRow {
  customer_id: string;
  seats: number;
  add_ons: string[];
  overrides: unknown[] | null;
  period_start: Date | null;
  period_end: Date | null;
  plan_version_id: string;
  effective_from: Date;
  effective_until: Date | null;
}
