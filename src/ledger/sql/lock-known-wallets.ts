import type { Statement } from '../../infra/db.ts';
import { WALLET_COLUMNS } from './lock-wallets.ts';

/**
 * Locks the wallets of one name, in id order, and reads those that are not as the caller knows them: a
 * locked wallet that is still of the known version needs no row on the wire. The balance is compared too,
 * because after a failover that lost commits the same version may stand for something else. Parameters:
 * customer ids, asset ids, known versions and balances (null where nothing is known), and the name.
 */
export const LOCK_KNOWN_WALLETS: Statement = {
  name: 'ledger.lock_known_wallets',
  text: `WITH locked AS (
      SELECT w.*, k.version AS known_version, k.balance AS known_balance
      FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::numeric[])
        AS k (customer_id, asset_id, version, balance)
      JOIN wallets w ON w.customer_id = k.customer_id AND w.asset_id = k.asset_id AND w.name = $5
      ORDER BY w.id
      FOR UPDATE OF w
    )
    SELECT ${WALLET_COLUMNS} FROM locked w
    WHERE known_version IS DISTINCT FROM version OR known_balance <> balance`,
};
