import type { Id } from '../kit/ids.ts';
import type { WalletKey } from '../ledger/lock.ts';

/** The part of a row that names a wallet. */
export interface KeyRow {
  readonly customer_id: string;
  readonly asset_id: string;
  readonly name: string;
}

/** The wallets that rows are about, each once: what is locked twice would be evaluated twice. */
export function walletKeys(rows: readonly KeyRow[]): WalletKey[] {
  const keys = rows.map((row) => ({
    customerId: row.customer_id as Id<'customer'>,
    assetId: row.asset_id as Id<'asset'>,
    name: row.name,
  }));
  const named = keys.map((key) => [`${key.customerId}/${key.assetId}/${key.name}`, key] as const);
  return [...new Map(named).values()];
}
