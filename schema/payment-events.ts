import type { EventFacts, PaymentFacts } from '../src/live/event.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { Payment, PaymentStatus } from './payment.ts';

/** Those that are of a payment as a whole. */
type PaymentEventType = {
  [Type in keyof EventFacts]: EventFacts[Type] extends PaymentFacts ? Type : never;
}[keyof EventFacts];

function paymentEvent<Type extends PaymentEventType>(type: Type, description: string) {
  const ref = eventType(type, description);
  builder.objectFields(ref, (t) => ({
    payment: t.field({
      type: Payment,
      authScopes: { can: 'payment:read' },
      description: 'The payment, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().payments.load(fact.paymentId),
    }),
    status: t.field({
      type: PaymentStatus,
      description: 'How the event left it.',
      resolve: ({ fact }) => fact.status as typeof PaymentStatus.$inferType,
    }),
    amount: t.field({
      type: 'Decimal',
      authScopes: { can: 'payment:read' },
      description: 'What is to be paid, without tax.',
      resolve: ({ fact }) => fact.amount,
    }),
    asset: t.field({
      type: Asset,
      description: 'What it is paid in.',
      resolve: ({ fact }, _args, context) => context.loaders().assets.load(fact.assetId),
    }),
    failureCode: t.string({
      nullable: true,
      description: 'Why it has failed: `CARD_DECLINED`; null while it has not.',
      resolve: ({ fact }) => fact.failureCode,
    }),
  }));
  return ref;
}

paymentEvent('payment.created', 'A customer was asked for money.');
paymentEvent(
  'payment.action_required',
  "A customer has to confirm a payment (3-D Secure): the payment's `actionUrl` says where.",
);
paymentEvent('payment.authorized', 'A payment is promised, and not there yet.');
paymentEvent('payment.settled', 'A payment is there, and was credited in the same moment.');
paymentEvent('payment.failed', 'A payment was declined, or the provider will not take it.');
paymentEvent('payment.canceled', 'A payment was called off.');
paymentEvent('payment.expired', 'A payment was not made in time.');

const changeFailed = paymentEvent(
  'payment.change_failed',
  'What a payment was made for could not be made: a plan was archived, a subscription has ended, or its price is another. The money is credit.',
);
builder.objectField(changeFailed, 'reason', (t) =>
  t.string({ description: 'Why, as a sentence.', resolve: ({ fact }) => fact.reason }),
);
