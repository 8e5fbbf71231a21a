import { isRefusal } from '../src/kit/refusal.ts';
import { builder } from './builder.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';
import { SubscriptionOverridesInput } from './subscription-overrides.ts';
import { SubscriptionWhen, subscriptionPayload } from './subscription-payload.ts';

const CreateSubscriptionInput = builder.inputType('CreateSubscriptionInput', {
  description: 'Who subscribes to what.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Who.' }),
    plan: t.string({
      required: true,
      description: 'The code or TypeID of a plan; its version that was published last is taken.',
    }),
    seats: t.int({ description: 'The fewest that the plan allows when left out.' }),
    addOns: t.stringList({ description: 'Codes of add-ons of the plan.' }),
    startAt: t.field({
      type: 'DateTime',
      description: 'Not before now; now when left out. Periods begin at this day and time.',
    }),
    timeZone: t.string({
      description: 'Where days and months are counted, an IANA name; `UTC` when left out.',
    }),
    trial: t.boolean({
      description:
        'Left out: the trial of the plan if it has one. A customer has one trial of a plan: the second is a CONFLICT, unless this is false.',
    }),
    prefundAmount: t.field({
      type: 'Decimal',
      description:
        "It begins once PAID grants of so much, in the plan's asset, have come in since it was made.",
    }),
    overrides: t.field({
      type: SubscriptionOverridesInput,
      description: 'Prices and rights that this subscription alone has.',
    }),
    metadata: t.field({ type: 'JSON', description: 'Your own data.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('createSubscription', (t) =>
  t.field({
    type: resultOf(
      'CreateSubscriptionResult',
      subscriptionPayload('CreateSubscriptionPayload', 'The customer has subscribed.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch', 'InsufficientFunds'],
    ),
    description:
      'Subscribes a customer to a plan. Unless it starts later or has to be prefunded, its first period is charged and its credits are given at once, or all of it is refused. A customer has a plan once at a time.',
    authScopes: { can: 'subscription:write' },
    args: {
      input: t.arg({ type: CreateSubscriptionInput, required: true, description: 'Who and what.' }),
    },
    resolve: async (_root, { input }, context) => {
      const viewer = viewerOf(context);
      const { customer, ...rest } = input;
      const customerId = await context.services.customers.resolveCustomer(viewer, customer);
      if (isRefusal(customerId)) return customerId;
      return context.services.subscriptions.createSubscription(viewer, customerId, rest);
    },
  }),
);

const CancelSubscriptionInput = builder.inputType('CancelSubscriptionInput', {
  description: 'Which subscription ends, and when.',
  fields: (t) => ({
    subscription: t.id({ required: true, description: 'Its TypeID.' }),
    when: t.field({
      type: SubscriptionWhen,
      required: true,
      description:
        'With PERIOD_END, one that has not begun or is past due ends now: nothing is paid to its end.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('cancelSubscription', (t) =>
  t.field({
    type: resultOf(
      'CancelSubscriptionResult',
      subscriptionPayload('CancelSubscriptionPayload', 'It has ended, or will.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description: 'Ends a subscription. Credits that it has given stay until their time is over.',
    authScopes: { can: 'subscription:write' },
    args: {
      input: t.arg({ type: CancelSubscriptionInput, required: true, description: 'Which, when.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.cancelSubscription(viewerOf(context), input),
  }),
);
