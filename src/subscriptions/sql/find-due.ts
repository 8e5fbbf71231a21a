import type { Statement } from '../../infra/db.ts';

export interface DueRow {
  readonly id: string;
  readonly organization_id: string;
}

/**
 * Subscriptions whose time has come, and those that lacked funds and whose wallet has moved on since, oldest
 * first. Not locked. Parameters: the instant, how many.
 */
export const FIND_DUE: Statement = {
  name: 'subscriptions.find_due',
  text: `(SELECT s.id, s.organization_id FROM subscriptions s
      WHERE s.next_transition_at <= $1::timestamptz
      ORDER BY s.next_transition_at, s.id LIMIT $2::int)
    UNION
    (SELECT s.id, s.organization_id FROM subscriptions s
      JOIN wallets w ON w.id = s.awaits_wallet_id AND w.customer_id = s.customer_id
      WHERE s.awaits_wallet_id IS NOT NULL AND w.version <> s.awaits_version LIMIT $2::int)`,
};
