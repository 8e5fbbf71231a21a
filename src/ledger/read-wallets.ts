import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import type { BurnOrder } from './burn-down.ts';
import { DEFAULT_WALLET, openWallets } from './lock.ts';
import { type NamedWalletRow, READ_WALLETS } from './sql/read-wallets.ts';
import type { WalletState } from './wallet-state.ts';

/** What customers have, as one snapshot of the database shows it. */
export interface ReadWallets {
  /** Those that usage draws on, each with its open grants in burn-down order. */
  readonly drawn: readonly WalletState[];
  /** The versions of all wallets, whatever their name. */
  readonly versions: readonly { customerId: string; walletId: string; version: number }[];
}

/**
 * Reads what charges of these customers would find; of someone without wallets there is nothing. Two
 * statements, so that the caller's transaction must show both the same state. Settlement windows are left
 * at 0: they may change without the wallets, and whoever decides knows today's.
 */
export async function readWallets(
  tx: Queryable,
  customerIds: readonly string[],
): Promise<ReadWallets> {
  const rows = await tx.query<NamedWalletRow>(READ_WALLETS, [
    arrayLiteral(customerIds, (id) => id),
  ]);
  const burnOrderOf = new Map(rows.map((row) => [row.asset_id, row.burn_order as BurnOrder]));
  const drawn = await openWallets(
    tx,
    rows.filter(({ name }) => name === DEFAULT_WALLET),
    ({ assetId }) => ({
      burnOrder: burnOrderOf.get(assetId) ?? 'PRIORITY',
      settlementWindowMs: 0,
    }),
  );
  const versions = rows.map((row) => ({
    customerId: row.customer_id,
    walletId: row.id,
    version: Number(row.version),
  }));
  return { drawn, versions };
}
