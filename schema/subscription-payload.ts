import type { Id } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { found } from './found.ts';
import { viewerOf } from './scopes.ts';
import { PlanSubscription } from './subscription.ts';

/** The payload of what changes one subscription. */
export function subscriptionPayload(name: string, description: string) {
  return builder.objectRef<{ readonly subscriptionId: Id<'subscription'> }>(name).implement({
    description,
    fields: (t) => ({
      subscription: t.prismaField({
        type: PlanSubscription,
        description: 'The subscription as it is now.',
        resolve: async (query, { subscriptionId }, _args, context) => {
          const { subscriptions } = context.services;
          const viewer = viewerOf(context);
          return found(await subscriptions.findSubscription(viewer, subscriptionId, query));
        },
      }),
    }),
  });
}

export const SubscriptionWhen = builder.enumType('SubscriptionWhen', {
  description: 'When a change of a subscription is made.',
  values: {
    NOW: { description: 'At once.' },
    PERIOD_END: { description: 'When the period that is paid for ends.' },
  },
});
