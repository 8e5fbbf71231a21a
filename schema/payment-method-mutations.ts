import type { MethodDetached } from '../src/payments/detach-method.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { PaymentMethod } from './payment-method.ts';
import { viewerOf } from './scopes.ts';

const DetachPaymentMethodInput = builder.inputType('DetachPaymentMethodInput', {
  description: 'Which method is not to be used any more.',
  fields: (t) => ({ paymentMethod: t.id({ required: true, description: 'Its TypeID.' }) }),
});

const DetachPaymentMethodPayload = builder
  .objectRef<MethodDetached>('DetachPaymentMethodPayload')
  .implement({
    description: 'The method is not used any more.',
    fields: (t) => ({
      paymentMethod: t.prismaField({
        type: PaymentMethod,
        description: 'The method; its `detachedAt` says since when.',
        resolve: async (query, { methodId }, _args, context) =>
          found(await context.services.payments.findMethod(viewerOf(context), methodId, query)),
      }),
    }),
  });

builder.mutationField('detachPaymentMethod', (t) =>
  t.field({
    type: resultOf('DetachPaymentMethodResult', DetachPaymentMethodPayload, ['NotFound']),
    description:
      'Has a method not used any more: no rule charges it. A second time changes nothing. When the customer pays with it again and has it kept, it is used again.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: DetachPaymentMethodInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.detachPaymentMethod(viewerOf(context), input),
  }),
);
