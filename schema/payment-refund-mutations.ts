import type { RefundMade } from '../src/payments/refunds/refund-payment.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Payment } from './payment.ts';
import { PaymentRefund } from './payment-returns.ts';
import { viewerOf } from './scopes.ts';

const RefundPaymentInput = builder.inputType('RefundPaymentInput', {
  description: 'What is given back.',
  fields: (t) => ({
    payment: t.id({ required: true, description: 'The TypeID of a payment that has settled.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'How much, without tax, in what was paid; all that is left of it when left out.',
    }),
    reason: t.string({ description: 'For you, 1 to 500 characters.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const RefundPaymentPayload = builder.objectRef<RefundMade>('RefundPaymentPayload').implement({
  description:
    'The refund. While the provider does not answer it is PENDING, and is asked for again by itself: it is made once.',
  fields: (t) => ({
    refund: t.prismaField({
      type: PaymentRefund,
      description: 'The refund as it is now.',
      resolve: async (query, { refundId }, _args, context) =>
        found(await context.services.payments.findRefund(viewerOf(context), refundId, query)),
    }),
    payment: t.prismaField({
      type: Payment,
      description: 'The payment as it is now.',
      resolve: async (query, { paymentId }, _args, context) =>
        found(await context.services.payments.findPayment(viewerOf(context), paymentId, query)),
    }),
  }),
});

builder.mutationField('refundPayment', (t) =>
  t.field({
    type: resultOf('RefundPaymentResult', RefundPaymentPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
      'ProviderRefused',
    ]),
    description:
      'Gives money of a payment back. Its credit is taken back first: what is left of its own grants, and what was spent already by the `spentCreditPolicy` of the organization. Conflict: less is left of the payment, or it is disputed.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: RefundPaymentInput, required: true, description: 'What.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.refundPayment(viewerOf(context), input),
  }),
);
