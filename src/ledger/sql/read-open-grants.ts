import type { Statement } from '../../infra/db.ts';

/**
 * The open grants of wallets that this transaction has locked, with what their order and time depend on.
 * Parameter: wallet ids. Reads the partial index on open grants, so a wallet with a thousand spent ones is
 * as quick as a new one.
 */
export const READ_OPEN_GRANTS: Statement = {
  name: 'ledger.read_open_grants',
  text: `SELECT g.id, g.wallet_id, g.remaining::text AS remaining, g.source_account::text AS source_account,
      g.purpose::text AS purpose, g.priority, g.effective_at, g.expires_at, g.scope_metrics, g.created_at
    FROM credit_grants g WHERE g.wallet_id = ANY ($1::uuid[]) AND g.open`,
};

export interface GrantRow {
  id: string;
  wallet_id: string;
  remaining: string;
  source_account: string;
  purpose: string;
  priority: number;
  effective_at: Date | null;
  expires_at: Date | null;
  scope_metrics: string[];
  created_at: Date;
}
