import type { Viewer } from '../access/viewer.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CancelSubscriptionInput, cancelSubscription } from './cancel.ts';
import { type CreateSubscriptionInput, createSubscription } from './create.ts';
import { createSubscriptionReads } from './read-store.ts';
import { createRenewals } from './renewals.ts';
import type { SubscriptionsDeps } from './work.ts';

export type Subscriptions = ReturnType<typeof createSubscriptions>;

/** Who has which plan, and what that brings with it: fees, credits, prices and rights, over time. */
export function createSubscriptions(deps: SubscriptionsDeps) {
  const reads = createSubscriptionReads(deps.db);
  return {
    ...reads,
    /** What time brings about for them. */
    renewals: createRenewals(deps),
    createSubscription: (
      viewer: Viewer,
      customerId: Id<'customer'>,
      input: CreateSubscriptionInput,
    ) => createSubscription(deps, viewer, customerId, input),
    cancelSubscription: (viewer: Viewer, input: CancelSubscriptionInput) =>
      cancelSubscription(deps, viewer, input),
    findSubscriptionByTypeId: async (viewer: Viewer, typeId: string, query?: object) => {
      const id = fromTypeId('subscription', typeId);
      return id && reads.findSubscription(viewer, id, query);
    },
  };
}
