import type { Queryable } from '../infra/db.ts';
import { lockWallets, type WalletKey } from './lock.ts';
import type { WalletState } from './wallet-state.ts';

/** Locks wallets to look at them. Nothing is drawn, so in which order it would be does not matter. */
export function lockToLook(tx: Queryable, keys: readonly WalletKey[]): Promise<WalletState[]> {
  return lockWallets(tx, keys, () => ({ burnOrder: 'PRIORITY', settlementWindowMs: 0 }));
}
