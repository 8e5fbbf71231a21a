import { arrayLiteral } from '../infra/array-literal.ts';
import type { Queryable } from '../infra/db.ts';
import { stored, ZERO } from '../kit/decimal.ts';
import { createRecent } from '../kit/recent.ts';
import { keptHolds } from './holds/kept-holds.ts';
import { DEFAULT_WALLET, openWallets, type RulesOf } from './lock.ts';
import { LOCK_KNOWN_WALLETS } from './sql/lock-known-wallets.ts';
import type { WalletRow } from './sql/lock-wallets.ts';
import { type GrantState, isChanged, type WalletState } from './wallet-state.ts';
import { tellTime } from './wallet-time.ts';

/** Whose wallet, in what. */
export type Owner = Pick<WalletState, 'customerId' | 'assetId'>;

/** Wallets to decide on; those that are not as they were remembered have to be opened yet. */
export interface Gathered {
  readonly known: readonly (WalletState | undefined)[];
  readonly changed: readonly WalletRow[];
  /** Whether nobody can change them until the transaction ends. */
  readonly locked: boolean;
}

/**
 * Remembers wallets between batches, so that a charge reads one only when somebody else has changed it.
 * Every change moves a wallet's version on; so what was remembered at the version that is stored is what
 * is stored. `post` refuses to build on any other version.
 */
export interface WalletMemory {
  /**
   * Gathers the `default` wallets of these owners, and forgets what it knew of them until `keep`: after
   * a transaction that fails the database is read again. If it knows them all and none is in debt, it asks
   * nothing. Otherwise, and to make sure, it locks them all and reads those that have changed.
   */
  gather(tx: Queryable, owners: readonly Owner[], makeSure: boolean): Promise<Gathered>;
  /** Remembers a wallet as a transaction left it that has committed. */
  keep(wallet: WalletState): void;
}

/** A wallet with more open grants than this is read each time: it would crowd out hundreds of others. */
export const MAX_GRANTS_PER_WALLET = 32;
/** The same for open holds: so many that a wallet which places and captures all the time is remembered. */
const MAX_HOLDS_PER_WALLET = 1_000;

/** The wallets of the last `customers` are remembered, and of at most twice as many. */
export function createWalletMemory(customers: number): WalletMemory {
  const remembered = createRecent<WalletState[]>(customers);

  function take({ customerId, assetId }: Owner): WalletState | undefined {
    const wallets = remembered.get(customerId);
    const wallet = wallets?.find((one) => one.assetId === assetId);
    if (wallet) wallets?.splice(wallets.indexOf(wallet), 1);
    return wallet;
  }

  function put(wallet: WalletState): void {
    const wallets = remembered.get(wallet.customerId);
    if (wallets) wallets.push(wallet);
    else remembered.set(wallet.customerId, [wallet]);
  }

  return {
    async gather(tx, unsorted, makeSure) {
      const owners = [...unsorted].sort(byKey);
      const known = owners.map(take);
      if (!makeSure && known.every(isSolvent)) return { known, changed: [], locked: false };
      const changed = await tx.query<WalletRow>(LOCK_KNOWN_WALLETS, [
        arrayLiteral(owners, ({ customerId }) => customerId),
        arrayLiteral(owners, ({ assetId }) => assetId),
        arrayLiteral(known, (wallet) => wallet?.version ?? null),
        arrayLiteral(known, (wallet) => (wallet ? stored(wallet.balance) : null)),
        DEFAULT_WALLET,
      ]);
      return { known, changed, locked: true };
    },
    keep(wallet) {
      if (isChanged(wallet)) {
        wallet.version += 1;
        wallet.postings.length = 0;
        wallet.facts.length = 0;
        if (wallet.holds !== null) wallet.holds = keptHolds(wallet.holds);
        if (wallet.grants.some(isSpent)) wallet.grants = wallet.grants.filter((it) => !isSpent(it));
      }
      const holds = wallet.holds?.open.size ?? 0;
      if (wallet.grants.length <= MAX_GRANTS_PER_WALLET && holds <= MAX_HOLDS_PER_WALLET)
        put(wallet);
    },
  };
}

/** Whether it is known and owes nothing: what a debtor may do, and is told, goes by the stored state. */
function isSolvent(wallet: WalletState | undefined): boolean {
  return wallet !== undefined && wallet.debt === ZERO;
}

/**
 * The wallets as they were gathered, with the settlement window of today and their time; owners without a
 * wallet have none. Grants that were remembered are in order already: an asset's burn order never changes.
 */
export async function openGathered(
  tx: Queryable,
  { known, changed }: Gathered,
  rulesOf: RulesOf,
): Promise<WalletState[]> {
  const stale = new Set(changed.map((row) => row.id));
  const wallets = await openWallets(tx, changed, rulesOf);
  for (const wallet of known) {
    if (!wallet || stale.has(wallet.id)) continue;
    wallet.settlementWindowMs = rulesOf(wallet).settlementWindowMs;
    wallets.push(wallet);
  }
  await tellTime(tx, wallets);
  return wallets;
}

function isSpent(grant: GrantState): boolean {
  return grant.remaining === ZERO;
}

/** The order in which everybody locks wallets. */
function byKey(a: Owner, b: Owner): number {
  if (a.customerId !== b.customerId) return a.customerId < b.customerId ? -1 : 1;
  return a.assetId < b.assetId ? -1 : 1;
}
