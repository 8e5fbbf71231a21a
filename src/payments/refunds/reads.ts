import DataLoader from 'dataloader';
import { ofVisibleCustomers, type Viewer } from '../../access/viewer.ts';
import type { Db } from '../../infra/db.ts';
import { inOrder } from '../../infra/in-order.ts';

// What the graph reads of refunds and disputes. `query` is what it selected; it never widens `where`.

export function createReturnReads({ prisma }: Db) {
  return {
    findRefund: (viewer: Viewer, id: string, query: object = {}) =>
      prisma.paymentRefund.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    findDispute: (viewer: Viewer, id: string, query: object = {}) =>
      prisma.paymentDispute.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
  };
}

/** Those that the events of one request are about. */
export function createReturnLoaders({ prisma }: Pick<Db, 'prisma'>, viewer: Viewer) {
  const where = (ids: readonly string[]) => ({
    where: { ...ofVisibleCustomers(viewer), id: { in: [...ids] } },
  });
  return {
    paymentRefunds: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await prisma.paymentRefund.findMany(where(ids))),
    ),
    paymentDisputes: new DataLoader(async (ids: readonly string[]) =>
      inOrder(ids, await prisma.paymentDispute.findMany(where(ids))),
    ),
  };
}
