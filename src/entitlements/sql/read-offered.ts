import type { Statement } from '../../infra/db.ts';

/** The versions that new subscribers get, of the plans that are offered. Parameter: organizations. */
export const READ_OFFERED: Statement = {
  name: 'entitlements.read_offered',
  text: `SELECT DISTINCT ON (p.id) p.organization_id, p.id AS plan_id, v.id FROM plans p
    JOIN plan_versions v ON v.plan_id = p.id AND v.status = 'PUBLISHED'
    WHERE p.organization_id = ANY ($1::uuid[]) AND p.archived_at IS NULL
    ORDER BY p.id, v.number DESC`,
};

export interface OfferedRow {
  organization_id: string;
  id: string;
  plan_id: string;
}
