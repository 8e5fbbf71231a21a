import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { stored, ZERO } from '../kit/decimal.ts';
import { DEFAULT_WALLET, openWallets, type RulesOf } from './lock.ts';
import { LOCK_KNOWN_WALLETS } from './sql/lock-known-wallets.ts';
import type { WalletRow } from './sql/lock-wallets.ts';
import type { WalletState } from './wallet-state.ts';

/** Whose wallet, in what. */
export type Owner = Pick<WalletState, 'customerId' | 'assetId'>;

/** Wallets whose rows are locked; those that somebody else has changed are not opened yet. */
export interface LockedWallets {
  readonly known: readonly (WalletState | undefined)[];
  readonly changed: readonly WalletRow[];
}

/**
 * Remembers wallets between batches, so that a charge reads one only when somebody else has changed it.
 * A wallet changes under its lock only, and every change moves its version on; so what was remembered at
 * the version that the locked row has is what is stored.
 */
export interface WalletMemory {
  /**
   * Locks the `default` wallets of these owners, and forgets what it knew of them until `keep`: after a
   * transaction that fails the database is read again.
   */
  lock(tx: Queryable, owners: readonly Owner[]): Promise<LockedWallets>;
  /** Remembers a wallet as a transaction left it that has committed. */
  keep(wallet: WalletState): void;
}

/** A wallet with more open grants than this is read each time: it would crowd out hundreds of others. */
const MAX_GRANTS_PER_WALLET = 32;

/** The wallets of `maxCustomers` are remembered; those used longest ago go first. */
export function createWalletMemory(maxCustomers: number): WalletMemory {
  const remembered = new Map<string, WalletState[]>();

  function take({ customerId, assetId }: Owner): WalletState | undefined {
    const wallets = remembered.get(customerId);
    const index = wallets?.findIndex((wallet) => wallet.assetId === assetId) ?? -1;
    return index < 0 ? undefined : wallets?.splice(index, 1)[0];
  }

  function put(wallet: WalletState): void {
    const wallets = remembered.get(wallet.customerId) ?? [];
    wallets.push(wallet);
    remembered.delete(wallet.customerId);
    remembered.set(wallet.customerId, wallets);
    if (remembered.size <= maxCustomers) return;
    const [oldest] = remembered.keys();
    if (oldest !== undefined) remembered.delete(oldest);
  }

  return {
    async lock(tx, unsorted) {
      const owners = [...unsorted].sort(byKey);
      const known = owners.map(take);
      const changed = await tx.query<WalletRow>(LOCK_KNOWN_WALLETS, [
        arrayLiteral(owners, ({ customerId }) => customerId),
        arrayLiteral(owners, ({ assetId }) => assetId),
        arrayLiteral(known, (wallet) => wallet?.version ?? null),
        arrayLiteral(known, (wallet) => (wallet ? stored(wallet.balance) : null)),
        DEFAULT_WALLET,
      ]);
      return { known, changed };
    },
    keep(wallet) {
      if (wallet.postings.length > 0) {
        wallet.version += 1;
        wallet.postings = [];
        wallet.grants = wallet.grants.filter((grant) => grant.remaining !== ZERO);
      }
      if (wallet.grants.length <= MAX_GRANTS_PER_WALLET) put(wallet);
    },
  };
}

/** The locked wallets as they are stored, with the rules of today; owners without a wallet have none. */
export async function openLocked(
  tx: Queryable,
  { known, changed }: LockedWallets,
  rulesOf: RulesOf,
): Promise<WalletState[]> {
  const stale = new Set(changed.map((row) => row.id));
  const wallets = await openWallets(tx, changed, rulesOf);
  for (const wallet of known) {
    if (!wallet || stale.has(wallet.id)) continue;
    wallet.settlementWindowMs = rulesOf(wallet).settlementWindowMs;
    wallets.push(wallet);
  }
  return wallets;
}

/** The order in which everybody locks wallets. */
function byKey(a: Owner, b: Owner): number {
  if (a.customerId !== b.customerId) return a.customerId < b.customerId ? -1 : 1;
  return a.assetId < b.assetId ? -1 : 1;
}
