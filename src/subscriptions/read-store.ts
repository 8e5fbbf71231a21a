import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';

type Query = object;

/** What the graph reads of subscriptions: those of the customers that the viewer may see. */
export function createSubscriptionReads({ prisma }: Pick<Db, 'prisma'>) {
  return {
    findSubscription: (viewer: Viewer, id: string, query: Query = {}) =>
      prisma.subscription.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    listSubscriptions: (viewer: Viewer, filter: Query, query: Query) =>
      prisma.subscription.findMany({
        ...query,
        where: { ...ofVisibleCustomers(viewer), ...filter },
      }),
    findCharge: (viewer: Viewer, id: string, query: Query = {}) =>
      prisma.subscriptionCharge.findFirst({
        ...query,
        where: { ...ofVisibleCustomers(viewer), id },
      }),
  };
}
