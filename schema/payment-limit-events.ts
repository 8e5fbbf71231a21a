import { parseInstant } from '../src/kit/clock.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { PaymentLimitKind } from './payment-limit-error.ts';

const PaymentLimited = eventType(
  'payment.limited',
  'A limit against fraud is reached, and somebody was refused to pay. Told once an hour for each limit and whoever has reached it.',
);

builder.objectFields(PaymentLimited, (t) => ({
  limit: t.field({
    type: PaymentLimitKind,
    description: 'Which limit.',
    resolve: ({ fact }) => fact.limit as typeof PaymentLimitKind.$inferType,
  }),
  amount: t.field({
    type: 'Decimal',
    authScopes: { can: 'payment:read' },
    description: 'What was to be paid, without tax.',
    resolve: ({ fact }) => fact.amount,
  }),
  asset: t.field({
    type: Asset,
    description: 'What it was to be paid in.',
    resolve: ({ fact }, _args, context) => context.loaders().assets.load(fact.assetId),
  }),
  byRule: t.boolean({
    description: 'Whether a rule asked for it, because a wallet ran low, and not a person.',
    resolve: ({ fact }) => fact.byRule,
  }),
  retryAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'From when on it may be tried again; null where waiting does not help.',
    resolve: ({ fact }) => parseInstant(fact.retryAt),
  }),
}));
