import type { Statement } from '../../infra/db.ts';

/** The organization's rules for all customers are others: its wallets are to be looked at, from the first. */
export const BEGIN_SWEEP: Statement = {
  name: 'alerts.begin_sweep',
  text: `WITH moved AS (
      UPDATE organizations SET alert_version = alert_version + 1 WHERE id = $1::uuid
    )
    INSERT INTO alert_sweeps (organization_id) VALUES ($1::uuid)
    ON CONFLICT (organization_id) DO UPDATE SET after_customer_id = NULL`,
};

/** Takes a sweep that nobody else is at. Parameter: of which organization; null for any. */
export const CLAIM_SWEEP: Statement = {
  name: 'alerts.claim_sweep',
  text: `SELECT organization_id, after_customer_id FROM alert_sweeps
    WHERE $1::uuid IS NULL OR organization_id = $1::uuid
    ORDER BY organization_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
};

/** The next customers of a sweep. Parameters: organization, the last customer, how many. */
export const NEXT_CUSTOMERS: Statement = {
  name: 'alerts.next_customers',
  text: `SELECT id FROM customers
    WHERE organization_id = $1::uuid AND id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
    ORDER BY id LIMIT $3::int`,
};

/** Which wallets these customers have. */
export const KEYS_OF_CUSTOMERS: Statement = {
  name: 'alerts.keys_of_customers',
  text: `SELECT customer_id, asset_id, name FROM wallets WHERE customer_id = ANY ($1::uuid[])`,
};

export const MOVE_SWEEP: Statement = {
  name: 'alerts.move_sweep',
  text: 'UPDATE alert_sweeps SET after_customer_id = $2::uuid WHERE organization_id = $1::uuid',
};

export const END_SWEEP: Statement = {
  name: 'alerts.end_sweep',
  text: 'DELETE FROM alert_sweeps WHERE organization_id = $1::uuid',
};

export const READ_ALERT_VERSION: Statement = {
  name: 'alerts.read_version',
  text: 'SELECT alert_version::float8 AS version FROM organizations WHERE id = $1::uuid',
};

export interface SweepRow {
  organization_id: string;
  after_customer_id: string | null;
}
