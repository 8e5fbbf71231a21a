import type { Statement } from '../../infra/db.ts';
import type { WalletKeyRow } from '../../ledger/lock.ts';

/**
 * Wallets with an active alert about how fast they spend, which may be over by time alone, in the order of
 * their alerts. Parameters: the alert to go on after, how many at most.
 */
export const FIND_TIMED: Statement = {
  name: 'alerts.find_timed',
  text: `SELECT a.id, w.customer_id, w.asset_id, w.name
    FROM alerts a JOIN wallets w ON w.id = a.wallet_id AND w.customer_id = a.customer_id
    WHERE a.recovered_at IS NULL AND a.kind IN ('BURN_RATE', 'PROJECTED_EMPTY')
      AND a.id > $1::uuid
    ORDER BY a.id LIMIT $2::int`,
};

export interface TimedRow extends WalletKeyRow {
  id: string;
}
