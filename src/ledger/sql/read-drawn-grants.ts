import type { Statement } from '../../infra/db.ts';
import type { GrantRow } from './read-open-grants.ts';

/** Grants of a wallet that is locked, whatever is left of them. Parameters: wallet, grants. */
export const READ_DRAWN_GRANTS: Statement = {
  name: 'ledger.read_drawn_grants',
  text: `SELECT g.id, g.wallet_id, g.remaining::text AS remaining, g.source_account::text AS source_account,
      g.purpose::text AS purpose, g.priority, g.effective_at, g.expires_at, g.scope_metrics, g.created_at,
      g.amount::text AS amount
    FROM credit_grants g WHERE g.wallet_id = $1::uuid AND g.id = ANY ($2::uuid[])`,
};

export type DrawnGrantRow = GrantRow & { amount: string };
