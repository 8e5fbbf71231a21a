import type { Statement } from '../../infra/db.ts';

/** What a decision must know of a wallet `w` itself. */
export const WALLET_COLUMNS = `w.id, w.organization_id, w.customer_id, w.asset_id,
      w.on_empty::text AS on_empty, w.overdraft_limit::text AS overdraft_limit,
      w.version::text AS version, w.last_sequence::text AS last_sequence, w.balance::text AS balance,
      w.debt::text AS debt, w.alert_below::text AS alert_below,
      w.recharge_below::text AS recharge_below,
      w.alert_version::float8 AS alert_version, w.alert_spend, w.open_holds, w.test_clock_id`;

/**
 * Locks wallets, in the order of their keys so that two transactions never wait for each other in a
 * circle, and reads them as they are once locked. Parameters: customer ids, asset ids and wallet names, side by side.
 *
 * Only columns of the locked rows may be read here: a row that another transaction changed while we
 * waited is re-read, but anything joined to it would still be seen as it was before the wait. Grants are
 * therefore a statement of their own, sent right behind this one.
 *
 * Weaker than FOR UPDATE, which would also wait for whoever only refers to a wallet, and who may wait for
 * another one that is held here: a rule that is made for a wallet, for one.
 */
export const LOCK_WALLETS: Statement = {
  name: 'ledger.lock_wallets',
  text: `SELECT ${WALLET_COLUMNS}
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS k (customer_id, asset_id, name)
    JOIN wallets w USING (customer_id, asset_id, name)
    ORDER BY w.customer_id, w.asset_id, w.name
    FOR NO KEY UPDATE OF w`,
};

export interface WalletRow {
  id: string;
  organization_id: string;
  customer_id: string;
  asset_id: string;
  on_empty: string;
  overdraft_limit: string;
  version: string;
  last_sequence: string;
  balance: string;
  debt: string;
  alert_below: string | null;
  recharge_below: string | null;
  alert_version: number;
  alert_spend: boolean;
  open_holds: number;
  test_clock_id: string | null;
}
