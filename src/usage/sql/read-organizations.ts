import type { Statement } from '../../infra/db.ts';

/** What a charge must know of its organization in its own transaction. Parameter: organization ids. */
export const READ_ORGANIZATIONS: Statement = {
  name: 'usage.read_organizations',
  text: `SELECT id, catalogue_version::float8 AS catalogue_version, settlement_window_seconds,
      alert_version::float8 AS alert_version
    FROM organizations WHERE id = ANY ($1::uuid[])`,
};

export interface OrganizationRow {
  id: string;
  catalogue_version: number;
  settlement_window_seconds: number;
  alert_version: number;
}
