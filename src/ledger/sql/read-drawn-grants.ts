import type { Statement } from '../../infra/db.ts';
import type { GrantRow } from './read-open-grants.ts';

/**
 * Grants of a wallet that is locked, whatever is left of them, and whether a subscription waits for the end of one
 * to have the rest go on. Parameters: wallet, grants.
 */
export const READ_DRAWN_GRANTS: Statement = {
  name: 'ledger.read_drawn_grants',
  text: `SELECT g.id, g.wallet_id, g.remaining::text AS remaining, g.source_account::text AS source_account,
      g.purpose::text AS purpose, g.priority, g.effective_at, g.expires_at, g.scope_metrics, g.created_at,
      g.amount::text AS amount,
      EXISTS (SELECT 1 FROM subscription_grants s
        WHERE s.grant_id = g.id AND s.customer_id = g.customer_id AND s.rolls_over) AS goes_on
    FROM credit_grants g WHERE g.wallet_id = $1::uuid AND g.id = ANY ($2::uuid[])`,
};

export type DrawnGrantRow = GrantRow & { amount: string; goes_on: boolean };
