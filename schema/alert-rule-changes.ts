import type { RuleTarget } from '../src/alerts/create-rule.ts';
import { isRefusal, type NotFound } from '../src/kit/refusal.ts';
import { AlertRule } from './alert-rule.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';

const BurnRateInput = builder.inputType('BurnRateInput', {
  description: 'When spending is too fast.',
  fields: (t) => ({
    multiple: t.field({
      type: 'Decimal',
      required: true,
      description:
        'How many times the average of the windows before it a window must spend, 1 or more: `"5"`.',
    }),
    windowMinutes: t.int({
      description: 'How long the window is, 5 to 1440, a multiple of 5; 60 when left out.',
    }),
    trailingHours: t.int({
      description:
        'How far the average goes back from the beginning of the window, 1 to 168 and no shorter than the window; 24 when left out.',
    }),
    minimum: t.field({
      type: 'Decimal',
      required: true,
      description:
        'A window that spends no more than this raises nothing. Above zero, in the asset.',
    }),
  }),
});

const AlertCondition = builder.inputType('AlertConditionInput', {
  description: 'What to raise an alert for: exactly one of these.',
  isOneOf: true,
  fields: (t) => ({
    belowAmount: t.field({
      type: 'Decimal',
      description: 'Less than this is left. Above zero, in the asset, which must be named: `"5"`.',
    }),
    belowPercent: t.field({
      type: 'Decimal',
      description:
        'Less than so many percent are left of what there was right after the last credit. Above 0, at most 100: `"20"`.',
    }),
    depleted: t.boolean({
      description:
        '`true`: nothing is left. `false` asks for nothing and is a ValidationError: REQUIRED.',
    }),
    recovered: t.boolean({
      description:
        '`true`: something is left again after a depletion. `false` is a ValidationError: REQUIRED.',
    }),
    burnRate: t.field({ type: BurnRateInput, description: 'It is spent too fast.' }),
    projectedEmptyHours: t.int({
      description:
        'At the rate of the last 24 hours nothing is left within so many hours, 1 to 8760. The rate of a wallet that began to spend later, or got its first rule about spending later, is that since then, over an hour at least.',
    }),
    grantExpiringDays: t.int({
      description:
        'A grant that has something left ends within so many days of 24 hours, 1 to 365. One that does so already is told at once.',
    }),
  }),
});

const EMAILS =
  "E-mail addresses that get a mail for each alert of the rule that is told, at most 10; `customer` stands for the customer's own address, and is passed over where there is none. Nothing is sent unless the server is set up to send mail.";

const CreateAlertRuleInput = builder.inputType('CreateAlertRuleInput', {
  description:
    'A rule. Name a wallet, or a customer, or neither for all customers; at most 20 rules each.',
  fields: (t) => ({
    name: t.string({ description: 'For people; at most 100 characters.' }),
    customer: t.field({ type: CustomerRef, description: 'For all wallets of this customer.' }),
    wallet: t.id({
      description: 'For this wallet only: its TypeID. Leave `customer` and `asset` out then.',
    }),
    asset: t.string({
      description:
        'Only for wallets of this asset, by code or TypeID; required where the condition names an amount.',
    }),
    condition: t.field({
      type: AlertCondition,
      required: true,
      description: 'What to raise an alert for.',
    }),
    emails: t.stringList({ description: `${EMAILS} Nobody when left out.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateAlertRuleInput = builder.inputType('UpdateAlertRuleInput', {
  description: 'What to change about a rule; what is left out stays as it is.',
  fields: (t) => ({
    rule: t.id({ required: true, description: 'Its TypeID.' }),
    name: t.string({ description: 'At most 100 characters; null clears it.' }),
    condition: t.field({
      type: AlertCondition,
      description: 'Other numbers of the same kind; a rule never becomes one of another kind.',
    }),
    emails: t.stringList({ description: `${EMAILS} Replaces those that were there; null clears.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteAlertRuleInput = builder.inputType('DeleteAlertRuleInput', {
  description: 'Which rule to delete.',
  fields: (t) => ({
    rule: t.id({ required: true, description: 'Its TypeID.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function payloadOf(name: string, description: string) {
  return builder.objectRef<{ readonly ruleId: string }>(name).implement({
    description,
    fields: (t) => ({
      alertRule: t.prismaField({
        type: AlertRule,
        description: 'The rule.',
        resolve: async (query, { ruleId }, _args, context) =>
          found(await context.services.alerts.findRule(viewerOf(context), ruleId, query)),
      }),
    }),
  });
}

const CreateAlertRulePayload = payloadOf('CreateAlertRulePayload', 'The rule is in force.');
const UpdateAlertRulePayload = payloadOf('UpdateAlertRulePayload', 'The rule is changed.');
const DeleteAlertRulePayload = payloadOf('DeleteAlertRulePayload', 'The rule is deleted.');

const REFUSALS = ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'] as const;

builder.mutationFields((t) => ({
  createAlertRule: t.field({
    type: resultOf('CreateAlertRuleResult', CreateAlertRulePayload, REFUSALS),
    description:
      'Creates a rule. It is evaluated at once: what is crossed already raises an alert. A rule for all customers reaches the wallets of many of them within seconds, or with their next charge.',
    authScopes: { can: 'alert:write' },
    args: {
      input: t.arg({ type: CreateAlertRuleInput, required: true, description: 'The rule.' }),
    },
    resolve: async (_root, { input }, context) => {
      const target = await ruleTargetOf(context, input);
      if (isRefusal(target)) return target;
      return context.services.alerts.createRule(viewerOf(context), target, input);
    },
  }),
  updateAlertRule: t.field({
    type: resultOf('UpdateAlertRuleResult', UpdateAlertRulePayload, REFUSALS),
    description:
      'Changes the name, the numbers or the addresses of a rule. It is evaluated at once: an alert that no longer holds recovers.',
    authScopes: { can: 'alert:write' },
    args: {
      input: t.arg({ type: UpdateAlertRuleInput, required: true, description: 'The change.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.alerts.updateRule(viewerOf(context), input),
  }),
  deleteAlertRule: t.field({
    type: resultOf('DeleteAlertRuleResult', DeleteAlertRulePayload, REFUSALS),
    description: 'Deletes a rule; its active alerts recover. Deleting twice is deleting once.',
    authScopes: { can: 'alert:write' },
    args: {
      input: t.arg({ type: DeleteAlertRuleInput, required: true, description: 'Which rule.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.alerts.deleteRule(viewerOf(context), input),
  }),
}));

/** Whom a rule is for, as far as its input says it by customer and asset. */
async function ruleTargetOf(
  context: Context,
  input: {
    readonly customer?: (typeof CustomerRef)['$inferInput'] | null | undefined;
    readonly asset?: string | null | undefined;
  },
): Promise<RuleTarget | NotFound> {
  const viewer = viewerOf(context);
  const { customers, catalog } = context.services;
  const customerId = input.customer
    ? await customers.resolveCustomer(viewer, input.customer)
    : null;
  if (isRefusal(customerId)) return customerId;
  const asset = input.asset == null ? null : await catalog.resolveAsset(viewer, input.asset);
  return isRefusal(asset) ? asset : { customerId, asset };
}
