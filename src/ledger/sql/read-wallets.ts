import type { Statement } from '../../infra/db.ts';
import { WALLET_COLUMNS, type WalletRow } from './lock-wallets.ts';

/**
 * The wallets of customers as they are, with what their grants' order depends on; nothing is locked.
 * Parameter: customer ids.
 */
export const READ_WALLETS: Statement = {
  name: 'ledger.read_wallets',
  text: `SELECT ${WALLET_COLUMNS}, w.name, a.burn_order::text AS burn_order
    FROM wallets w JOIN assets a ON a.id = w.asset_id
    WHERE w.customer_id = ANY ($1::uuid[])`,
};

export interface NamedWalletRow extends WalletRow {
  name: string;
  burn_order: string;
}
