import type { Statement } from '../../../infra/db.ts';
import { HOLD_COLUMNS } from './read-open-holds.ts';

/**
 * Holds that are there already, whatever became of them. Parameters, side by side: customer ids, hold ids, and
 * idempotency keys or null. Written as looks into the indexes of the table for each, as FIND_RECORDED is.
 */
export const FIND_HOLDS: Statement = {
  name: 'ledger.find_holds',
  text: `SELECT ${HOLD_COLUMNS}
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS k (customer_id, id, key)
    CROSS JOIN LATERAL (
      (SELECT * FROM holds WHERE id = k.id AND customer_id = k.customer_id)
      UNION ALL
      (SELECT * FROM holds WHERE customer_id = k.customer_id AND idempotency_key = k.key LIMIT 1)
      LIMIT 1
    ) h
    LEFT JOIN billable_metrics m ON m.id = h.metric_id`,
};

/** Whose holds these are, and on what; all of it for ever. Parameter: hold ids. */
export const READ_HOLD_REFS: Statement = {
  name: 'ledger.read_hold_refs',
  text: `SELECT h.id, h.organization_id, h.customer_id, w.asset_id, w.test_clock_id
    FROM holds h JOIN wallets w ON w.id = h.wallet_id AND w.customer_id = h.customer_id
    WHERE h.id = ANY ($1::uuid[])`,
};

export interface HoldRefRow {
  id: string;
  organization_id: string;
  customer_id: string;
  asset_id: string;
  test_clock_id: string | null;
}
