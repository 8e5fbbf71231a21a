import type { Statement } from '../../../infra/db.ts';

/** Wallets with open holds whose time is over, the longest first. Not locked. Parameters: now, how many holds. */
export const FIND_DUE_HOLDS: Statement = {
  name: 'ledger.find_due_holds',
  text: `SELECT w.organization_id, w.customer_id, w.asset_id, w.name
    FROM holds h JOIN wallets w ON w.id = h.wallet_id AND w.customer_id = h.customer_id
    WHERE h.status = 'OPEN' AND h.expires_at <= $1::timestamptz
    ORDER BY h.expires_at LIMIT $2::int`,
};

export interface DueHoldRow {
  organization_id: string;
  customer_id: string;
  asset_id: string;
  name: string;
}
