import type { Statement } from '../../infra/db.ts';
import { WALLET_COLUMNS } from './lock-wallets.ts';

/**
 * Locks the wallets of one name, in the order given, and reads those that are not as the caller knows
 * them: a locked wallet that is still of the known version needs no row on the wire. The balance is
 * compared too, because after a failover that lost commits the same version may stand for something else.
 * Parameters: customer ids and asset ids, sorted by them as in LOCK_WALLETS; known versions and balances
 * (null where nothing is known); the name. OFFSET 0 keeps the planner from testing before it locks.
 */
export const LOCK_KNOWN_WALLETS: Statement = {
  name: 'ledger.lock_known_wallets',
  text: `SELECT ${WALLET_COLUMNS}
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::numeric[])
      AS k (customer_id, asset_id, version, balance)
    CROSS JOIN LATERAL (
      SELECT * FROM wallets WHERE customer_id = k.customer_id AND asset_id = k.asset_id AND name = $5
      OFFSET 0
      FOR NO KEY UPDATE
    ) w
    WHERE k.version IS DISTINCT FROM w.version OR k.balance <> w.balance`,
};
