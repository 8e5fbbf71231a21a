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

/** The credit packs that are sold, oldest first, each with the asset that it brings. Parameter: organizations. */
export const READ_SOLD_PACKS: Statement = {
  name: 'entitlements.read_sold_packs',
  text: `SELECT k.organization_id, k.id, k.definition, a.id AS asset_id, a.scale FROM credit_packs k
    JOIN assets a ON a.organization_id = k.organization_id AND a.code = k.definition ->> 'asset'
    WHERE k.organization_id = ANY ($1::uuid[]) AND k.archived_at IS NULL
    ORDER BY k.id`,
};

export interface SoldPackRow {
  organization_id: string;
  id: string;
  definition: unknown;
  asset_id: string;
  scale: number;
}
