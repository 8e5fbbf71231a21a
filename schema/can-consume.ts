import { isRefusal } from '../src/kit/refusal.ts';
import { builder } from './builder.ts';
import { CustomerRef } from './customer.ts';
import { Decision, DecisionBatch } from './decision.ts';
import { badUserInput } from './faults.ts';
import { viewerOf } from './scopes.ts';

const OnUnavailable = builder.enumType('OnUnavailable', {
  description: 'What is answered when the database is away and what the customer has is not known.',
  values: {
    ALLOW: { description: 'Fail open: serve first, and let the charge decide later.' },
    DENY: { description: 'Fail closed. The default.' },
  },
});

const ConsumedEventInput = builder.inputType('ConsumedEventInput', {
  description: 'A usage event that is not recorded yet.',
  fields: (t) => ({
    type: t.string({ required: true, description: 'What will happen: `llm.request`.' }),
    subject: t.string({ description: 'Who or what within the customer: a user, a project.' }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it happens: up to 35 days back and 5 minutes ahead. Now when left out.',
    }),
    properties: t.field({
      type: 'JSON',
      description:
        'As it will be reported, by your estimate: `{ "model": "gpt-4o", "tokens": 2000 }`.',
    }),
  }),
});

const event = 'This usage event. Exactly one of `event`, `metric`, `asset` and `feature`.';
const metric = 'The code or TypeID of a billable metric; takes `quantity`.';
const quantity =
  'How much of the metric, or of the metric of the feature, as of one event: before the conversion of units. Of one that counts events or distinct values: so many; of a MAX, LATEST or TIME_WEIGHTED_SUM the value that an event of now would say. Zero or more; of a feature 1 when left out.';
const properties =
  'The dimensions that the prices of the metric distinguish: `{ "model": "gpt-4o" }`.';
const asset =
  'The code or TypeID of an asset; takes `amount`, drawn as an adjustment draws: from grants for everything.';
const feature =
  'The code or TypeID of a feature; takes `quantity`, `subject` and `properties`. A metered one is paid for like its metric.';
const subject =
  'Who or what within the customer uses the feature: it may have a budget of its own.';
const amount = 'How much of the asset: zero or more, with no more decimal places than it keeps.';

const ConsumptionInput = builder.inputType('ConsumptionInput', {
  description:
    'What somebody would like to consume: exactly one of `event`, `metric`, `asset` and `feature`.',
  fields: (t) => ({
    event: t.field({ type: ConsumedEventInput, description: event }),
    metric: t.string({ description: metric }),
    quantity: t.field({ type: 'Decimal', description: quantity }),
    properties: t.field({ type: 'JSON', description: properties }),
    asset: t.string({ description: asset }),
    amount: t.field({ type: 'Decimal', description: amount }),
    feature: t.string({ description: feature }),
    subject: t.string({ description: subject }),
  }),
});

const CanConsumeInput = builder.inputType('CanConsumeInput', {
  description:
    'Who would like to consume what: `customer`, and exactly one of `event`, `metric`, `asset` and `feature`.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Who would consume.' }),
    event: t.field({ type: ConsumedEventInput, description: event }),
    metric: t.string({ description: metric }),
    quantity: t.field({ type: 'Decimal', description: quantity }),
    properties: t.field({ type: 'JSON', description: properties }),
    asset: t.string({ description: asset }),
    amount: t.field({ type: 'Decimal', description: amount }),
    feature: t.string({ description: feature }),
    subject: t.string({ description: subject }),
    onUnavailable: t.field({
      type: OnUnavailable,
      description: 'What to answer when it cannot be known. DENY when left out.',
    }),
  }),
});

const CanConsumeManyInput = builder.inputType('CanConsumeManyInput', {
  description:
    'Either `checks`, or every one of `customers` with every one of `consumptions`: first all consumptions of the first customer, then those of the second ...',
  fields: (t) => ({
    checks: t.field({ type: [CanConsumeInput], description: '1 to 1000 checks.' }),
    customers: t.field({
      type: [CustomerRef],
      description: '1 to 1000 customers; with `consumptions` 10,000 checks at most.',
    }),
    consumptions: t.field({
      type: [ConsumptionInput],
      description: '1 to 1000, each checked for each customer.',
    }),
    onUnavailable: t.field({
      type: OnUnavailable,
      description:
        'What to answer for checks that do not say so themselves, when it cannot be known. DENY when left out.',
    }),
  }),
});

builder.queryFields((t) => ({
  canConsume: t.field({
    type: Decision,
    description:
      'Whether the customer may consume this now, by what a charge would find: grants, their scopes and times, debts and policies. Answered from memory, in general without asking the database. A check that is wrong is a BAD_USER_INPUT error; who or what does not exist is a DENY with its reason.',
    authScopes: { can: 'wallet:read' },
    args: {
      input: t.arg({ type: CanConsumeInput, required: true, description: 'Who and what.' }),
    },
    resolve: async (_root, { input }, context) => {
      const { entitlements } = context.services;
      const decision = await entitlements.canConsume(viewerOf(context), input);
      if (isRefusal(decision)) throw badUserInput(decision);
      return decision;
    },
  }),
  canConsumeMany: t.field({
    type: DecisionBatch,
    description:
      'The same for many at once, each with its own decision: one that is wrong is a DENY with INPUT_INVALID. Each is decided on by itself, as if none of the others were consumed. Too many or too few are a BAD_USER_INPUT error.',
    authScopes: { can: 'wallet:read' },
    args: {
      input: t.arg({ type: CanConsumeManyInput, required: true, description: 'Who and what.' }),
    },
    resolve: async (_root, { input }, context) => {
      const { entitlements } = context.services;
      const batch = await entitlements.canConsumeMany(viewerOf(context), input);
      if (isRefusal(batch)) throw badUserInput(batch);
      return batch;
    },
  }),
}));
