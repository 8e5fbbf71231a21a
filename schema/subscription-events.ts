import { parseInstant } from '../src/kit/clock.ts';
import type { EventType } from '../src/live/event.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { Period } from './period.ts';
import { PlanSubscription, SubscriptionStatus } from './subscription.ts';

type SubscriptionEventType = Extract<EventType, `subscription.${string}`>;

function subscriptionEvent<Type extends SubscriptionEventType>(type: Type, description: string) {
  const ref = eventType(type, description);
  builder.objectFields(ref, (t) => ({
    subscription: t.field({
      type: PlanSubscription,
      authScopes: { can: 'subscription:read' },
      description: 'The subscription, as it is now.',
      resolve: ({ fact }, _args, context) =>
        context.loaders().subscriptions.load(fact.subscriptionId),
    }),
    status: t.field({
      type: SubscriptionStatus,
      description: 'How the event left it.',
      resolve: ({ fact }) => fact.status as typeof SubscriptionStatus.$inferType,
    }),
    period: t.field({
      type: Period,
      nullable: true,
      description: 'Its period as of the event; null before it has begun.',
      resolve: ({ fact }) => {
        const start = parseInstant(fact.periodStart);
        const end = parseInstant(fact.periodEnd);
        return start && end && { start, end };
      },
    }),
  }));
}

subscriptionEvent('subscription.created', 'A customer was subscribed to a plan.');
subscriptionEvent(
  'subscription.activated',
  'The first period that costs something has begun and is paid for.',
);
subscriptionEvent(
  'subscription.renewed',
  'A further period has begun and is paid for, also when it was past due before.',
);
subscriptionEvent(
  'subscription.updated',
  'The plan, seats, add-ons or trial are others, or will be at the end of the period; or it will end then.',
);
subscriptionEvent(
  'subscription.past_due',
  'The wallet does not cover the period that was to begin.',
);
subscriptionEvent('subscription.paused', 'It was paused.');
subscriptionEvent('subscription.resumed', 'It goes on.');
subscriptionEvent('subscription.canceled', 'It has ended.');
subscriptionEvent(
  'subscription.trial_ending',
  'Its trial ends in three days, or in less where it is shorter.',
);
