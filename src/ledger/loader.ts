import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { inOrder } from '../infra/in-order.ts';
import { loadHolds, loadHoldsOfEvents } from './holds/hold-store.ts';
import type { Ledger } from './service.ts';
import { loadGrants, loadWallets } from './store.ts';

/** The batches of one request, as far as its viewer may see. */
export function createLedgerLoaders(db: Db, ledger: Pick<Ledger, 'readBalances'>, viewer: Viewer) {
  return {
    /** By stored wallet id, as of now. */
    balances: new DataLoader((walletIds: readonly string[]) => ledger.readBalances(walletIds)),
    wallets: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await loadWallets(db, viewer, ids)),
    ),
    grants: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await loadGrants(db, viewer, ids)),
    ),
    holds: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await loadHolds(db, viewer, ids)),
    ),
    /** By stored id of a usage event; null for one that was paid from no hold. */
    holdOfEvent: new DataLoader((eventIds: readonly string[]) =>
      loadHoldsOfEvents(db, viewer, eventIds),
    ),
  };
}
