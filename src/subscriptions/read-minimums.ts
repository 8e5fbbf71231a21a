import type { Queryable, Statement } from '../infra/db.ts';
import { type Exact, exact } from '../kit/decimal.ts';
import type { Period } from './periods.ts';
import type { SubscriptionState } from './subscription.ts';

/**
 * The minimums of the versions that a subscription was on within a time, and when. Parameters: the subscription, its
 * customer, from, until.
 */
const READ_MINIMUMS: Statement = {
  name: 'subscriptions.read_minimums',
  text: `SELECT v.definition ->> 'asset' AS asset, v.definition ->> 'minimum' AS amount,
      greatest(t.effective_from, $3::timestamptz) AS start, least(t.effective_until, $4::timestamptz) AS end
    FROM subscription_terms t JOIN plan_versions v ON v.id = t.plan_version_id
    WHERE t.subscription_id = $1::uuid AND t.customer_id = $2::uuid
      AND t.effective_from < $4::timestamptz AND coalesce(t.effective_until, $4::timestamptz) > $3::timestamptz
      AND v.definition ->> 'minimum' IS NOT NULL
    ORDER BY t.effective_from`,
};

interface MinimumRow {
  asset: string;
  amount: string;
  start: Date;
  end: Date;
}

/** What one version of a plan wants of usage in a whole period, and when the subscription was on it. */
export interface Minimum {
  readonly asset: string;
  readonly amount: Exact;
  readonly on: Period;
}

export async function readMinimums(
  tx: Queryable,
  { id, customerId }: Pick<SubscriptionState, 'id' | 'customerId'>,
  within: Period,
): Promise<Minimum[]> {
  const values = [id, customerId, within.start, within.end];
  const rows = await tx.query<MinimumRow>(READ_MINIMUMS, values);
  return rows.map(({ asset, amount, start, end }) => ({
    asset,
    amount: exact(amount),
    on: { start, end },
  }));
}
