import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { PlanEntitlementInput, PlanPriceInput } from './plan-input.ts';
import { viewerOf } from './scopes.ts';
import { subscriptionPayload } from './subscription-payload.ts';

export const SubscriptionOverridesInput = builder.inputType('SubscriptionOverridesInput', {
  description:
    'What one subscription has in place of what its plan says: a contract of its own. What is not here is as the plan says. In the currency of the plan.',
  fields: (t) => ({
    prices: t.field({
      type: [PlanPriceInput],
      description: 'What usage costs; they come before those of the plan.',
    }),
    entitlements: t.field({
      type: [PlanEntitlementInput],
      description: 'Rights; each takes the place of that to the same feature.',
    }),
  }),
});

const OverrideSubscriptionInput = builder.inputType('OverrideSubscriptionInput', {
  description: 'What a subscription shall have of its own.',
  fields: (t) => ({
    subscription: t.id({ required: true, description: 'Its TypeID.' }),
    overrides: t.field({
      type: SubscriptionOverridesInput,
      required: true,
      description: 'All of it: what is not here it has no longer.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('overrideSubscription', (t) =>
  t.field({
    type: resultOf(
      'OverrideSubscriptionResult',
      subscriptionPayload('OverrideSubscriptionPayload', 'It has these from now on.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Gives a subscription prices and rights of its own, from now on: usage that occurred before keeps the prices of its time.',
    authScopes: { can: 'subscription:write' },
    args: {
      input: t.arg({ type: OverrideSubscriptionInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.overrideSubscription(viewerOf(context), input),
  }),
);
