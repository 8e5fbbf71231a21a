import { isRefusal } from '../src/kit/refusal.ts';
import type { PaymentChanged } from '../src/payments/change-payment.ts';
import { builder } from './builder.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Payment } from './payment.ts';
import { viewerOf } from './scopes.ts';

export function paymentPayload(name: string, description: string) {
  return builder.objectRef<PaymentChanged>(name).implement({
    description,
    fields: (t) => ({
      payment: t.prismaField({
        type: Payment,
        description: 'The payment as it is now. Its `checkout` says where it is made.',
        resolve: async (query, { paymentId }, _args, context) =>
          found(await context.services.payments.findPayment(viewerOf(context), paymentId, query)),
      }),
    }),
  });
}

const CreateTopUpInput = builder.inputType('CreateTopUpInput', {
  description:
    'What a customer buys: packs, or credit in an asset for an amount of money. What is paid in another asset is converted by the exchange rate for top-ups that is in force now.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Who pays.' }),
    asset: t.string({
      description: 'What is credited: the code or TypeID of an asset. Leave it out with a pack.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'What is to be paid, without tax, in `currency`. Leave it out with a pack.',
    }),
    currency: t.string({
      description: 'What it is paid in: the code of an asset; `asset` itself when left out.',
    }),
    bonus: t.field({
      type: 'Decimal',
      description: 'What is given on top, in `asset`, as a promotional grant.',
    }),
    expiresAfterDays: t.int({
      description:
        'When the credit expires, 1 to 3650 days after it was credited; never when left out.',
    }),
    pack: t.string({ description: 'The code or TypeID of a credit pack, which says all of that.' }),
    quantity: t.int({ description: 'How many packs; 1 when left out.' }),
    walletName: t.string({
      description: "Which of the customer's wallets in the asset; `default` when left out.",
    }),
    provider: t.string({
      description: 'The code or TypeID of a payment provider; the default one when left out.',
    }),
    description: t.string({
      description: 'What the customer reads, at most 255 characters; what is bought when left out.',
    }),
    saveMethod: t.boolean({
      description: 'Whether the provider keeps how it was paid, for charges without the customer.',
    }),
    returnUrl: t.string({ description: 'Where the page of the provider leads back to.' }),
    expiresInSeconds: t.int({
      description: 'For how long it can be paid, 1800 to 86400; a day when left out.',
    }),
    metadata: t.field({
      type: 'JSON',
      description:
        'Your own data, which the grant gets too: `{"workspace": "acme", "invoice": "in_42"}`.',
    }),
    ipAddress: t.string({
      description:
        'From where the customer pays, `203.0.113.7`: counted by, and kept only as a hash. Not a part of what the idempotency key stands for.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('createTopUp', (t) =>
  t.field({
    type: resultOf(
      'CreateTopUpResult',
      paymentPayload('CreateTopUpPayload', 'A payment that waits for the customer.'),
      [
        'Invalid',
        'NotFound',
        'Conflict',
        'IdempotencyMismatch',
        'ExchangeRateNotFound',
        'ProviderUnavailable',
        'ProviderRefused',
        'VelocityLimit',
      ],
    ),
    description:
      'Asks a customer for money. Nothing is credited before the provider says that it is there. Conflict: no provider is the default, it is disabled, or the pack is archived. When the provider does not answer, the same call with its idempotency key goes on with the same payment.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: CreateTopUpInput, required: true, description: 'Who buys what.' }),
    },
    resolve: async (_root, { input }, context) => {
      const viewer = viewerOf(context);
      const { customer, ...rest } = input;
      const customerId = await context.services.customers.resolveCustomer(viewer, customer);
      if (isRefusal(customerId)) return customerId;
      return context.services.payments.createTopUp(viewer, customerId, rest);
    },
  }),
);

const CancelPaymentInput = builder.inputType('CancelPaymentInput', {
  description: 'Which payment is called off.',
  fields: (t) => ({
    payment: t.id({ required: true, description: 'Its TypeID.' }),
  }),
});

builder.mutationField('cancelPayment', (t) =>
  t.field({
    type: resultOf(
      'CancelPaymentResult',
      paymentPayload('CancelPaymentPayload', 'The payment was called off.'),
      [
        'Invalid',
        'NotFound',
        'Conflict',
        'IdempotencyMismatch',
        'ProviderUnavailable',
        'ProviderRefused',
      ],
    ),
    description:
      'Takes the page of a payment away; a second time changes nothing. Conflict: it is over. What was paid in that moment is credited all the same.',
    authScopes: { can: 'payment:write' },
    args: { input: t.arg({ type: CancelPaymentInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      context.services.payments.cancelPayment(viewerOf(context), input),
  }),
);

const ConfirmPaymentInput = builder.inputType('ConfirmPaymentInput', {
  description: 'That the money of a payment of a MANUAL provider has come in.',
  fields: (t) => ({
    payment: t.id({ required: true, description: 'Its TypeID.' }),
    reference: t.string({
      required: true,
      description:
        'What the bank calls it, 1 to 255 characters. The same reference counts once for the payment, for ever.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'What has come in; what was to be paid when left out. It may come in parts.',
    }),
  }),
});

builder.mutationField('confirmPayment', (t) =>
  t.field({
    type: resultOf(
      'ConfirmPaymentResult',
      paymentPayload('ConfirmPaymentPayload', 'What has come in is credited.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Credits a wire transfer or an invoice that was paid. Conflict: the provider of the payment says by itself when the money is there.',
    authScopes: { can: 'payment:write' },
    args: { input: t.arg({ type: ConfirmPaymentInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      context.services.payments.confirmPayment(viewerOf(context), input),
  }),
);
