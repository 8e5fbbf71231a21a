import type { Statement } from '../../infra/db.ts';

/** What the prices and grants of an organization depend on besides themselves. Parameter: its id. */
export const READ_RULES: Statement = {
  name: 'entitlements.read_rules',
  text: `SELECT catalogue_version::float8 AS catalogue_version, settlement_window_seconds
    FROM organizations WHERE id = $1::uuid`,
};

export interface RulesRow {
  catalogue_version: number;
  settlement_window_seconds: number;
}
