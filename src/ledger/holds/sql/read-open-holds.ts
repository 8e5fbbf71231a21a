import type { Statement } from '../../../infra/db.ts';

/** What a decision must know of a hold `h`, whose metric is `m`. */
export const HOLD_COLUMNS = `h.id, h.organization_id, h.customer_id, h.wallet_id, h.status::text AS status,
      h.amount::text AS amount, h.captured::text AS captured, h.allocations, h.overdraft::text AS overdraft,
      h.metric_id, m.code AS metric_code, h.expires_at, h.max_captures, h.captures,
      h.idempotency_key, h.content, h.created_at, h.closed_at, h.closed_sequence::text AS closed_sequence`;

/** The open holds of wallets that this transaction has locked. Parameter: wallet ids. */
export const READ_OPEN_HOLDS: Statement = {
  name: 'ledger.read_open_holds',
  text: `SELECT ${HOLD_COLUMNS}
    FROM holds h LEFT JOIN billable_metrics m ON m.id = h.metric_id
    WHERE h.wallet_id = ANY ($1::uuid[]) AND h.status = 'OPEN'`,
};

export interface HoldRow {
  id: string;
  organization_id: string;
  customer_id: string;
  wallet_id: string;
  status: string;
  amount: string;
  captured: string;
  /** Each a grant and how much of it. */
  allocations: [grantId: string, amount: string][];
  overdraft: string;
  metric_id: string | null;
  metric_code: string | null;
  expires_at: Date;
  max_captures: number | null;
  captures: number;
  idempotency_key: string | null;
  content: Record<string, string>;
  created_at: Date;
  closed_at: Date | null;
  closed_sequence: string | null;
}
