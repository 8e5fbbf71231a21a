import type { RuleSaved } from '../src/payments/recharge/change-rule.ts';
import { AutoRechargeRule, RechargePeriod } from './auto-recharge.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';

const SaveAutoRechargeRuleInput = builder.inputType('SaveAutoRechargeRuleInput', {
  description: 'What the recharge rule of a wallet shall be, all of it.',
  fields: (t) => ({
    wallet: t.id({ required: true, description: 'The TypeID of the wallet. It has one rule.' }),
    threshold: t.field({
      type: 'Decimal',
      required: true,
      description: 'The wallet is low below that, in its asset: `"10"`.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'What is paid each time, in `currency`. Either this or `target`.',
    }),
    target: t.field({
      type: 'Decimal',
      description:
        'What the wallet is filled up to, in its asset; what is paid for that is rounded up to what the currency is paid in.',
    }),
    currency: t.string({
      description:
        "What it is paid in: the code of an asset; the wallet's own when left out. Another is converted by the exchange rate for top-ups that is in force when it is paid.",
    }),
    method: t.id({
      required: true,
      description: 'The TypeID of a payment method of the customer that was saved.',
    }),
    period: t.field({
      type: RechargePeriod,
      description: 'What the caps are for; MONTH when left out.',
    }),
    maxAmount: t.field({
      type: 'Decimal',
      required: true,
      description: 'So much is paid in a period at the most, in `currency`, without tax.',
    }),
    maxCount: t.int({
      required: true,
      description: 'So often in a period at the most, 1 to 1000.',
    }),
    cooldownSeconds: t.int({
      description:
        'The next is started so long after the last one at the earliest, 0 to 604800; 60 when left out.',
    }),
    expiresAfterDays: t.int({
      description:
        'When the credit expires, 1 to 3650 days after it was credited; never when left out.',
    }),
    enabled: t.boolean({ description: 'False: it does nothing for now. True when left out.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function rulePayload(name: string, description: string) {
  return builder.objectRef<RuleSaved>(name).implement({
    description,
    fields: (t) => ({
      rule: t.prismaField({
        type: AutoRechargeRule,
        description: 'The rule as it is now.',
        resolve: async (query, { ruleId }, _args, context) =>
          found(await context.services.payments.findRechargeRule(viewerOf(context), ruleId, query)),
      }),
    }),
  });
}

builder.mutationField('saveAutoRechargeRule', (t) =>
  t.field({
    type: resultOf(
      'SaveAutoRechargeRuleResult',
      rulePayload('SaveAutoRechargeRulePayload', 'The recharge rule of the wallet.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Makes or changes the recharge rule of a wallet. It is evaluated at once: a wallet that is low already is recharged. A suspended rule goes on with another card, not with the same one. Conflict: the provider of the method is disabled.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: SaveAutoRechargeRuleInput, required: true, description: 'The rule.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.saveRechargeRule(viewerOf(context), input),
  }),
);

const DeleteAutoRechargeRuleInput = builder.inputType('DeleteAutoRechargeRuleInput', {
  description: 'Which recharge rule is to end.',
  fields: (t) => ({
    rule: t.id({ required: true, description: 'Its TypeID.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('deleteAutoRechargeRule', (t) =>
  t.field({
    type: resultOf(
      'DeleteAutoRechargeRuleResult',
      rulePayload('DeleteAutoRechargeRulePayload', 'The rule has ended.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Ends a recharge rule; a second time changes nothing. A payment that is under way is credited all the same.',
    authScopes: { can: 'payment:write' },
    args: {
      input: t.arg({ type: DeleteAutoRechargeRuleInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.payments.deleteRechargeRule(viewerOf(context), input),
  }),
);
