import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { Payment } from './payment.ts';
import { PaymentDispute, PaymentDisputeStatus, PaymentRefund } from './payment-returns.ts';

type RefundEventType = 'payment.refunded' | 'payment.refund_failed';
type DisputeEventType = 'payment.disputed' | 'payment.dispute_closed';

function refundEvent<Type extends RefundEventType>(type: Type, description: string) {
  builder.objectFields(eventType(type, description), (t) => ({
    payment: t.field({
      type: Payment,
      authScopes: { can: 'payment:read' },
      description: 'The payment, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().payments.load(fact.paymentId),
    }),
    refund: t.field({
      type: PaymentRefund,
      authScopes: { can: 'payment:read' },
      description: 'The refund, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().paymentRefunds.load(fact.refundId),
    }),
    amount: t.field({
      type: 'Decimal',
      authScopes: { can: 'payment:read' },
      description: 'How much of the payment, without tax.',
      resolve: ({ fact }) => fact.amount,
    }),
    asset: t.field({
      type: Asset,
      description: 'What it was paid in.',
      resolve: ({ fact }, _args, context) => context.loaders().assets.load(fact.assetId),
    }),
  }));
}

function disputeEvent<Type extends DisputeEventType>(type: Type, description: string) {
  builder.objectFields(eventType(type, description), (t) => ({
    payment: t.field({
      type: Payment,
      authScopes: { can: 'payment:read' },
      description: 'The payment, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().payments.load(fact.paymentId),
    }),
    dispute: t.field({
      type: PaymentDispute,
      authScopes: { can: 'payment:read' },
      description: 'The dispute, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().paymentDisputes.load(fact.disputeId),
    }),
    status: t.field({
      type: PaymentDisputeStatus,
      description: 'How the event left it.',
      resolve: ({ fact }) => fact.status as typeof PaymentDisputeStatus.$inferType,
    }),
    amount: t.field({
      type: 'Decimal',
      authScopes: { can: 'payment:read' },
      description: 'How much of the payment, without tax.',
      resolve: ({ fact }) => fact.amount,
    }),
    asset: t.field({
      type: Asset,
      description: 'What it was paid in.',
      resolve: ({ fact }, _args, context) => context.loaders().assets.load(fact.assetId),
    }),
  }));
}

refundEvent('payment.refunded', 'Money of a payment was given back; its credit was taken back.');
refundEvent(
  'payment.refund_failed',
  'Money of a payment was not given back after all, and its credit is there again.',
);
disputeEvent(
  'payment.disputed',
  'A customer has called a payment into question at his bank; what is left of its credit is kept back.',
);
disputeEvent(
  'payment.dispute_closed',
  'A dispute was won, and its credit is there again, or lost, and its credit is gone.',
);
