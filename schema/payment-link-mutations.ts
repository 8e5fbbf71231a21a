import { isRefusal } from '../src/kit/refusal.ts';
import type { PaymentLinkSaved } from '../src/payments/links/create-link.ts';
import { builder } from './builder.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { PaymentLink } from './payment-link.ts';
import { viewerOf } from './scopes.ts';

function linkPayload(name: string, description: string) {
  return builder.objectRef<PaymentLinkSaved>(name).implement({
    description,
    fields: (t) => ({
      link: t.prismaField({
        type: PaymentLink,
        description: 'The link as it is now.',
        resolve: async (query, { linkId }, _args, context) =>
          found(await context.services.payments.findLink(viewerOf(context), linkId, query)),
      }),
    }),
  });
}

const MAX_USES =
  'How many payments it may have, 1 to 1000000; what was not made in time does not count.';

const CreatePaymentLinkInput = builder.inputType('CreatePaymentLinkInput', {
  description:
    'What is sold at a link: packs, or credit in an asset for an amount of money, which is fixed or chosen by whoever pays. What is paid in another asset is converted by the exchange rate for top-ups of that time.',
  fields: (t) => ({
    customer: t.field({
      type: CustomerRef,
      required: true,
      description: 'Whose wallet is credited.',
    }),
    description: t.string({
      required: true,
      description: 'What whoever pays reads: `Invoice 2026-041`, at most 255 characters.',
    }),
    asset: t.string({
      description: 'What is credited: the code or TypeID of an asset. Leave it out with a pack.',
    }),
    currency: t.string({
      description: 'What it is paid in: the code of an asset; `asset` itself when left out.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'What is to be paid, without tax, in `currency`. Or give two bounds.',
    }),
    minAmount: t.field({ type: 'Decimal', description: 'The least that may be chosen.' }),
    maxAmount: t.field({ type: 'Decimal', description: 'The most that may be chosen.' }),
    suggestedAmounts: t.field({
      type: ['Decimal'],
      description: 'At most 6 amounts within the bounds that the page offers.',
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
      description:
        'The code or TypeID of a payment provider; when left out, the one that is the default when somebody pays.',
    }),
    maxUses: t.int({ description: `${MAX_USES} Any number when left out.` }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when one may pay at it; for ever when left out.',
    }),
    metadata: t.field({
      type: 'JSON',
      description: 'Your own data, which its payments and grants get too: `{"invoice": "in_42"}`.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('createPaymentLink', (t) =>
  t.field({
    type: resultOf(
      'CreatePaymentLinkResult',
      linkPayload('CreatePaymentLinkPayload', 'A link that can be paid at.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch', 'ExchangeRateNotFound'],
    ),
    description:
      'Makes an address at which anybody who knows it may pay for a customer. Conflict: the provider is disabled, or the pack is archived.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: CreatePaymentLinkInput, required: true, description: 'Of what.' }),
    },
    resolve: async (_root, { input }, context) => {
      const viewer = viewerOf(context);
      const { customer, ...rest } = input;
      const customerId = await context.services.customers.resolveCustomer(viewer, customer);
      if (isRefusal(customerId)) return customerId;
      return context.services.payments.createPaymentLink(viewer, customerId, rest);
    },
  }),
);

const UpdatePaymentLinkInput = builder.inputType('UpdatePaymentLinkInput', {
  description: 'How a link is paid at from now on. What is left out stays.',
  fields: (t) => ({
    link: t.id({ required: true, description: 'Its TypeID.' }),
    active: t.boolean({ description: 'False closes it, true opens it again.' }),
    description: t.string({ description: 'What whoever pays reads, at most 255 characters.' }),
    maxUses: t.int({ description: `${MAX_USES} Null: any number.` }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'Until when one may pay at it. Null: for ever.',
    }),
    metadata: t.field({ type: 'JSON', description: 'Your own data, in the place of what was.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updatePaymentLink', (t) =>
  t.field({
    type: resultOf(
      'UpdatePaymentLinkResult',
      linkPayload('UpdatePaymentLinkPayload', 'The link is changed.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Changes a link, or closes it. What it sells does not change: make another one for that. Payments that were begun at it go on.',
    authScopes: { can: 'payment:write' },
    args: { input: t.arg({ type: UpdatePaymentLinkInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      context.services.payments.updatePaymentLink(viewerOf(context), input),
  }),
);
