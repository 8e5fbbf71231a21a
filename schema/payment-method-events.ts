import type { EventType } from '../src/live/event.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { PaymentMethod } from './payment-method.ts';

type MethodEventType = Extract<EventType, `payment_method.${string}`>;

function methodEvent<Type extends MethodEventType>(type: Type, description: string) {
  const ref = eventType(type, description);
  builder.objectFields(ref, (t) => ({
    method: t.field({
      type: PaymentMethod,
      authScopes: { can: 'payment:read' },
      description: 'The method, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().paymentMethods.load(fact.methodId),
    }),
    brand: t.string({ description: '`visa`.', resolve: ({ fact }) => fact.brand }),
    last4: t.string({
      nullable: true,
      description: 'The last four characters of its number; null when the provider does not say.',
      resolve: ({ fact }) => fact.last4,
    }),
  }));
  return ref;
}

methodEvent(
  'payment_method.attached',
  'How a customer pays was kept, or is used again after it was not.',
);
methodEvent(
  'payment_method.detached',
  'How a customer pays is not used any more: no rule charges it.',
);
builder.objectField(
  methodEvent(
    'payment_method.expiring',
    'A card of a customer expires: told once, 30 days before the end of the month that it is good until.',
  ),
  'expiresAt',
  (t) =>
    t.string({
      description: 'The end of that month, RFC 3339.',
      resolve: ({ fact }) => fact.expiresAt,
    }),
);
