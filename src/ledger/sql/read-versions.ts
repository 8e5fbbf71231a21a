import type { Statement } from '../../infra/db.ts';

/** The wallets of customers and their versions. Parameter: customer ids. */
export const READ_VERSIONS: Statement = {
  name: 'ledger.read_versions',
  text: `SELECT id, customer_id, version::text AS version FROM wallets
    WHERE customer_id = ANY ($1::uuid[]) ORDER BY id`,
};

export interface VersionRow {
  id: string;
  customer_id: string;
  version: string;
}
