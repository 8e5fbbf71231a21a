import { type Exact, plain } from '../src/kit/decimal.ts';
import type { AmountLimits, PaymentLimits as Limits } from '../src/payments/limits/limits.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';

const HOURLY = {
  customerAttempts: 'How often one customer may be asked for money in an hour.',
  customerFailures: 'How many payments of one customer may fail in an hour.',
  ipAttempts: 'How often payments may be asked for from one address in an hour.',
  ipFailures: 'How many payments from one address may fail in an hour.',
  cardAttempts: 'How many payments may be tried with one card in an hour, whoever by.',
  cardFailures: 'How often one card may fail in an hour, whoever tries it.',
} as const;

interface AmountLimit {
  readonly assetId: string;
  readonly amount: Exact;
}

const PaymentAmountLimit = builder.objectRef<AmountLimit>('PaymentAmountLimit').implement({
  description: 'How much of one currency.',
  fields: (t) => ({
    asset: t.field({
      type: Asset,
      description: 'What it is paid in.',
      resolve: ({ assetId }, _args, context) => context.loaders().assets.load(assetId),
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'At most so much, without tax.',
      resolve: ({ amount }) => plain(amount),
    }),
  }),
});

export const PaymentLimits = builder.objectRef<Limits>('PaymentLimits').implement({
  description: 'What an organization lets its customers try, against fraud.',
  fields: (t) => {
    const hourly = (name: keyof typeof HOURLY, byItself: number) =>
      t.int({
        nullable: true,
        description: `${HOURLY[name]} ${byItself} unless changed; null: there is no limit.`,
        resolve: (limits) => limits.hourly[name],
      });
    return {
      customerAttempts: hourly('customerAttempts', 5),
      customerFailures: hourly('customerFailures', 3),
      ipAttempts: hourly('ipAttempts', 5),
      ipFailures: hourly('ipFailures', 3),
      cardAttempts: hourly('cardAttempts', 5),
      cardFailures: hourly('cardFailures', 3),
      dailyAmounts: t.field({
        type: [PaymentAmountLimit],
        description:
          'How much one customer may pay in 24 hours. What is not listed has no limit, which is so of all unless changed.',
        resolve: ({ dailyAmounts }) => listOf(dailyAmounts),
      }),
      firstTopUpAmounts: t.field({
        type: [PaymentAmountLimit],
        description:
          'How much a customer may pay of whom no payment has settled yet. What is not listed has no limit.',
        resolve: ({ firstTopUpAmounts }) => listOf(firstTopUpAmounts),
      }),
    };
  },
});

function listOf(amounts: AmountLimits): AmountLimit[] {
  return [...amounts].map(([assetId, amount]) => ({ assetId, amount }));
}

const PaymentAmountLimitInput = builder.inputType('PaymentAmountLimitInput', {
  description: 'How much of one currency.',
  fields: (t) => ({
    currency: t.string({
      required: true,
      description: 'The code or TypeID of the asset that is paid in.',
    }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'At most so much, without tax.',
    }),
  }),
});

export const PaymentLimitsInput = builder.inputType('PaymentLimitsInput', {
  description: 'A limit that is absent stays as it is; one that is null is none.',
  fields: (t) => {
    const hourly = (name: keyof typeof HOURLY) =>
      t.int({ description: `${HOURLY[name]} 1 to 1000.` });
    return {
      customerAttempts: hourly('customerAttempts'),
      customerFailures: hourly('customerFailures'),
      ipAttempts: hourly('ipAttempts'),
      ipFailures: hourly('ipFailures'),
      cardAttempts: hourly('cardAttempts'),
      cardFailures: hourly('cardFailures'),
      dailyAmounts: t.field({
        type: [PaymentAmountLimitInput],
        description: 'How much one customer may pay in 24 hours: all such limits, anew.',
      }),
      firstTopUpAmounts: t.field({
        type: [PaymentAmountLimitInput],
        description:
          'How much a customer may pay of whom no payment has settled yet: all such limits, anew.',
      }),
    };
  },
});
