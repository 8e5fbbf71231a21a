import type { Statement } from '../../../infra/db.ts';

/**
 * Whoever gets a row tells that a limit is reached, and nobody else does for an hour. Parameters: organization, limit, subject,
 * now, an hour ago.
 */
export const CLAIM_NOTICE: Statement = {
  name: 'payments.claim_notice',
  text: `INSERT INTO payment_limit_notices AS n (organization_id, "limit", subject, at)
    VALUES ($1::uuid, $2::payment_limit_kind, $3, $4::timestamptz)
    ON CONFLICT (organization_id, "limit", subject) DO UPDATE SET at = excluded.at WHERE n.at <= $5::timestamptz
    RETURNING subject`,
};
