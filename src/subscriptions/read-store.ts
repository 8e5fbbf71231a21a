import { ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import type { SubscriptionStatus } from './subscription.ts';

type Query = object;

/** Null for any. */
export interface SubscriptionFilter {
  readonly planId: string | null;
  readonly status: SubscriptionStatus | null;
}

function matching({ planId, status }: SubscriptionFilter, query: Query) {
  if (planId === null && status === null) return {};
  const wanted = { ...(planId !== null && { planId }), ...(status !== null && { status }) };
  return { OR: [wanted, ...passedOver(query)] };
}

/** The one that a page begins behind stays in the list, though it may be on another plan, or stand otherwise, since. */
function passedOver(query: Query) {
  const { cursor } = query as { cursor?: { id_customerId: { id: string } } };
  return cursor ? [{ id: cursor.id_customerId.id }] : [];
}

/** What the graph reads of subscriptions: those of the customers that the viewer may see. */
export function createSubscriptionReads({ prisma }: Pick<Db, 'prisma'>) {
  return {
    findSubscription: (viewer: Viewer, id: string, query: Query = {}) =>
      prisma.subscription.findFirst({ ...query, where: { ...ofVisibleCustomers(viewer), id } }),
    listSubscriptions: (viewer: Viewer, filter: SubscriptionFilter, query: Query) =>
      prisma.subscription.findMany({
        orderBy: { id: 'desc' },
        ...query,
        where: { ...ofVisibleCustomers(viewer), ...matching(filter, query) },
      }),
    findCharge: (viewer: Viewer, id: string, query: Query = {}) =>
      prisma.subscriptionCharge.findFirst({
        ...query,
        where: { ...ofVisibleCustomers(viewer), id },
      }),
  };
}
