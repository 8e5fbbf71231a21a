import { ZERO } from '../kit/decimal.ts';
import type { GrantState, WalletState } from './wallet-state.ts';

/**
 * Remembers the open grants of wallets between batches, so that a charge reads them only when somebody
 * else has changed the wallet. Grants change under the wallet's lock only, and every change moves its
 * version on; so what was remembered at the version that the locked row has is what is stored.
 */
export interface GrantCache {
  /**
   * Hands out and forgets what is remembered of a wallet, if it is of this version. A transaction that
   * fails never gives it back, and the next one reads the database again.
   */
  take(walletId: string, version: number): GrantState[] | null;
  /** Remembers a wallet as a transaction left it that has committed. */
  keep(wallet: WalletState): void;
}

/** A wallet with more open grants than this is read each time: it would crowd out hundreds of others. */
const MAX_GRANTS_PER_WALLET = 32;

/** `maxWallets` are remembered; the one used longest ago goes first. */
export function createGrantCache(maxWallets: number): GrantCache {
  const remembered = new Map<string, { version: number; grants: GrantState[] }>();
  return {
    take(walletId, version) {
      const entry = remembered.get(walletId);
      if (!entry) return null;
      remembered.delete(walletId);
      return entry.version === version ? entry.grants : null;
    },
    keep(wallet) {
      const grants = wallet.grants.filter((grant) => grant.remaining !== ZERO);
      if (grants.length > MAX_GRANTS_PER_WALLET) return;
      const version = wallet.version + (wallet.postings.length > 0 ? 1 : 0);
      remembered.set(wallet.id, { version, grants });
      if (remembered.size <= maxWallets) return;
      const [oldest] = remembered.keys();
      if (oldest !== undefined) remembered.delete(oldest);
    },
  };
}
