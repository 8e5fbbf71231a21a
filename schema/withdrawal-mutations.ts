import type { WithdrawalChanged } from '../src/payments/withdrawals/cancel-withdrawal.ts';
import type { WithdrawalRequested } from '../src/payments/withdrawals/request-withdrawal.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';
import { Withdrawal } from './withdrawal.ts';

function withdrawalPayload(name: string, description: string) {
  return builder.objectRef<WithdrawalChanged>(name).implement({
    description,
    fields: (t) => ({
      withdrawal: t.prismaField({
        type: Withdrawal,
        description: 'The withdrawal as it is now.',
        resolve: async (query, { withdrawalId }, _args, context) =>
          found(
            await context.services.payments.findWithdrawal(viewerOf(context), withdrawalId, query),
          ),
      }),
    }),
  });
}

const RequestWithdrawalInput = builder.inputType('RequestWithdrawalInput', {
  description: 'What a customer takes back.',
  fields: (t) => ({
    wallet: t.id({ required: true, description: 'The TypeID of the wallet.' }),
    currency: t.string({
      description:
        'What was paid in: the code of an asset. To be said only where the wallet was paid for in several.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'How much, without tax, in `currency`; all that can be when left out.',
    }),
    reason: t.string({ description: 'For you, 1 to 500 characters.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const RequestWithdrawalPayload = builder
  .objectRef<WithdrawalRequested>('RequestWithdrawalPayload')
  .implement({
    description: 'A withdrawal that waits to be confirmed. Its credit is taken already.',
    fields: (t) => ({
      withdrawal: t.prismaField({
        type: Withdrawal,
        description: 'The withdrawal as it is now.',
        resolve: async (query, { withdrawalId }, _args, context) =>
          found(
            await context.services.payments.findWithdrawal(viewerOf(context), withdrawalId, query),
          ),
      }),
      confirmationCode: t.exposeString('code', {
        nullable: true,
        description:
          'Eight digits, to be handed to the customer on another way than the one he asks on. Null where it was mailed to him, and when the same was asked for before: it is shown once, and kept nowhere.',
      }),
    }),
  });

builder.mutationField('requestWithdrawal', (t) =>
  t.field({
    type: resultOf('RequestWithdrawalResult', RequestWithdrawalPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Takes what a customer has paid and not spent out of his wallet, to give it back the way it came once it is confirmed. Only what is wholly there: what was spent, set aside, granted or given on top goes back to nobody. OUT_OF_RANGE says how much there is. Conflict: nothing is.',
    authScopes: { can: 'payment:write' },
    args: { input: t.arg({ type: RequestWithdrawalInput, required: true, description: 'What.' }) },
    resolve: (_root, { input }, context) =>
      context.services.payments.requestWithdrawal(viewerOf(context), input),
  }),
);

const ConfirmWithdrawalInput = builder.inputType('ConfirmWithdrawalInput', {
  description: 'That it is the customer who takes it.',
  fields: (t) => ({
    withdrawal: t.id({ required: true, description: 'Its TypeID.' }),
    code: t.string({
      required: true,
      description: 'The code of it: eight digits, with or without spaces between them.',
    }),
  }),
});

builder.mutationField('confirmWithdrawal', (t) =>
  t.field({
    type: resultOf(
      'ConfirmWithdrawalResult',
      withdrawalPayload('ConfirmWithdrawalPayload', 'The withdrawal waits for its hold period.'),
      ['Invalid', 'NotFound', 'Conflict', 'WrongCode'],
    ),
    description:
      'Confirms a withdrawal; a second time changes nothing. A code that is wrong counts: the fifth calls the withdrawal off. Conflict: it is over, or its code is, 15 minutes after it was asked for.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: ConfirmWithdrawalInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.confirmWithdrawal(viewerOf(context), input),
  }),
);

const CancelWithdrawalInput = builder.inputType('CancelWithdrawalInput', {
  description: 'Which withdrawal is called off.',
  fields: (t) => ({
    withdrawal: t.id({ required: true, description: 'Its TypeID.' }),
  }),
});

builder.mutationField('cancelWithdrawal', (t) =>
  t.field({
    type: resultOf(
      'CancelWithdrawalResult',
      withdrawalPayload('CancelWithdrawalPayload', 'The withdrawal was called off.'),
      ['NotFound', 'Conflict'],
    ),
    description:
      'Calls a withdrawal off whose money is not on its way: its credit is there again. A second time changes nothing. Conflict: its hold period is over, or it is.',
    authScopes: { can: 'payment:write' },
    args: { input: t.arg({ type: CancelWithdrawalInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      context.services.payments.cancelWithdrawal(viewerOf(context), input),
  }),
);
