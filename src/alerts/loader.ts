import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { inOrder } from '../infra/in-order.ts';
import { loadAlerts } from './store.ts';

/** The batches of one request, as far as its viewer may see. */
export function createAlertLoaders(db: Db, viewer: Viewer) {
  return {
    alerts: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await loadAlerts(db, viewer, ids)),
    ),
  };
}
