import type { Statement } from '../../infra/db.ts';

/** Changes the limits that are named; the rest stays, also what somebody else changes at once. Parameters: organization, limits. */
export const MERGE_LIMITS: Statement = {
  name: 'payments.merge_limits',
  text: 'UPDATE payment_settings SET limits = limits || $2::jsonb WHERE organization_id = $1::uuid',
};
