import { toTypeId } from '../src/kit/ids.ts';
import { isRefusal } from '../src/kit/refusal.ts';
import { builder } from './builder.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';
import { targetOf } from './target.ts';
import { walletPayload } from './wallet-payloads.ts';

const REASONS = {
  EXTERNAL_TOPUP: {
    description: 'Money taken by your own payment provider; becomes a PAID grant out of cash.',
  },
  GOODWILL: { description: 'A gift; becomes a PROMOTIONAL grant.' },
  CORRECTION: { description: 'Something was wrong before.' },
  CLAWBACK: { description: 'Value taken back, for example after a refund elsewhere.' },
} as const;

export const AdjustmentReason = builder.enumType('AdjustmentReason', {
  description: 'Why a balance was adjusted.',
  values: { ...REASONS, VOID: { description: 'A grant, or a part of it, was voided.' } } as const,
});

const AdjustBalanceReason = builder.enumType('AdjustBalanceReason', {
  description: 'Why you adjust a balance.',
  values: REASONS,
});

export const Adjustment = builder.prismaObject('Adjustment', {
  description: 'A credit or debit that did not come from usage.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `adjustment_01h455vb4pex5vsknk084sn02q`.',
      resolve: (adjustment) => toTypeId('adjustment', adjustment.id),
    }),
    transactionId: t.exposeString('transactionId', {
      nullable: true,
      description: 'Your id for it, unique per customer for ever; null for a void.',
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'Above zero added, below zero took.',
    }),
    reason: t.expose('reason', { type: AdjustmentReason, description: 'Why.' }),
    description: t.exposeString('description', { nullable: true, description: 'For people.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      authScopes: { merchant: true },
      description: "The merchant's own data, such as the payment provider's reference.",
    }),
    grant: t.prismaField({
      type: 'CreditGrant',
      nullable: true,
      description: 'The grant it made, or took from.',
      resolve: (query, { grantId }, _args, context) =>
        grantId === null
          ? null
          : context.services.ledger.findGrant(viewerOf(context), grantId, query),
    }),
    customer: t.relation('customer', {
      description: 'Whose balance it is.',
      authScopes: { can: 'customer:read' },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was booked.' }),
  }),
});

registerNode('adjustment', Adjustment, (context, id) =>
  context.services.ledger.findAdjustment(viewerOf(context), id),
);

const AdjustBalanceInput = builder.inputType('AdjustBalanceInput', {
  description: 'What happened elsewhere, to be reflected in a wallet.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Whose balance.' }),
    asset: t.string({ required: true, description: 'In what: the code or TypeID of an asset.' }),
    walletName: t.string({
      description: '`default` when left out. The wallet is opened if missing.',
    }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description:
        'Above zero becomes a grant; below zero is drawn from general grants like usage, by the wallet\'s policy. `"25"`.',
    }),
    transactionId: t.string({
      required: true,
      description:
        'Your id for it, unique per customer for ever: a repeated webhook books once. Derive it from the cause (a payment intent), never from the clock.',
    }),
    reason: t.field({ type: AdjustBalanceReason, required: true, description: 'Why.' }),
    description: t.string({ description: 'For people; at most 500 characters.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When what was added expires; only for an amount above zero. Left out: never.',
    }),
    metadata: t.field({
      type: 'JSON',
      description: 'Your own data: `{ "psp": "stripe", "payment_intent": "pi_1" }`.',
    }),
    idempotencyKey: t.string({
      description: 'Not needed beside `transactionId`; same rules as elsewhere.',
    }),
  }),
});

const AdjustBalancePayload = walletPayload<{
  adjustmentId: string;
  walletId: string;
  created: boolean;
}>('AdjustBalancePayload', 'The adjustment is booked.');

builder.objectFields(AdjustBalancePayload, (t) => ({
  adjustment: t.prismaField({
    type: 'Adjustment',
    description: 'The adjustment.',
    resolve: async (query, { adjustmentId }, _args, context) =>
      found(await context.services.ledger.findAdjustment(viewerOf(context), adjustmentId, query)),
  }),
  created: t.exposeBoolean('created', {
    description: 'False when this transaction id was booked before; nothing changed.',
  }),
}));

builder.mutationFields((t) => ({
  adjustBalance: t.field({
    type: resultOf('AdjustBalanceResult', AdjustBalancePayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
      'InsufficientFunds',
    ]),
    description:
      'Reflects in a wallet what happened elsewhere: a payment at your own provider, goodwill, a correction.',
    authScopes: { can: 'wallet:write' },
    args: {
      input: t.arg({ type: AdjustBalanceInput, required: true, description: 'What happened.' }),
    },
    resolve: async (_root, { input }, context) => {
      const target = await targetOf(context, input);
      if (isRefusal(target)) return target;
      return context.services.ledger.adjustBalance(viewerOf(context), target, input);
    },
  }),
}));
