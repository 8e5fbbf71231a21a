import type { Statement } from '../../infra/db.ts';

/**
 * Whether a customer has had a trial of a plan, by what was and not by what subscriptions have become: a
 * period that is a trial, on a version of the plan for all of it or some. Parameters: customer, plan, a subscription
 * that is left out or null.
 */
export const FIND_TRIAL: Statement = {
  name: 'subscriptions.find_trial',
  text: `SELECT 1 AS found FROM subscription_periods p
    JOIN subscription_terms t ON t.customer_id = p.customer_id AND t.subscription_id = p.subscription_id
      AND (t.effective_from < p.ends_at OR t.effective_from = p.starts_at)
    JOIN plan_versions v ON v.id = t.plan_version_id
    WHERE p.customer_id = $1::uuid AND p.is_trial AND v.plan_id = $2::uuid
      AND ($3::uuid IS NULL OR p.subscription_id <> $3::uuid)
    LIMIT 1`,
};
