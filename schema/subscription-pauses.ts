import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';
import { subscriptionPayload } from './subscription-payload.ts';

const REFUSALS = ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'] as const;

/** What names one subscription and nothing else. */
function subscriptionInput(name: string, description: string) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({
      subscription: t.id({ required: true, description: 'Its TypeID.' }),
      idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
    }),
  });
}

const PauseSubscriptionInput = subscriptionInput(
  'PauseSubscriptionInput',
  'Which subscription is paused.',
);

builder.mutationField('pauseSubscription', (t) =>
  t.field({
    type: resultOf(
      'PauseSubscriptionResult',
      subscriptionPayload('PauseSubscriptionPayload', 'It is paused.'),
      REFUSALS,
    ),
    description:
      'Pauses an ACTIVE subscription: nothing is charged and no credits come until it is resumed, and usage costs what it costs without the plan. Nothing that was paid comes back, and credits that were given stay.',
    authScopes: { can: 'subscription:write' },
    args: { input: t.arg({ type: PauseSubscriptionInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.pauseSubscription(viewerOf(context), input),
  }),
);

const ResumeSubscriptionInput = subscriptionInput(
  'ResumeSubscriptionInput',
  'Which subscription goes on.',
);

builder.mutationField('resumeSubscription', (t) =>
  t.field({
    type: resultOf(
      'ResumeSubscriptionResult',
      subscriptionPayload('ResumeSubscriptionPayload', 'It goes on.'),
      [...REFUSALS, 'InsufficientFunds'],
    ),
    description:
      'Goes on with a paused subscription: with the period that it was paused in, or, when that has ended, with one that begins and is charged now.',
    authScopes: { can: 'subscription:write' },
    args: {
      input: t.arg({ type: ResumeSubscriptionInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.resumeSubscription(viewerOf(context), input),
  }),
);

const UndoScheduledChangeInput = subscriptionInput(
  'UndoScheduledChangeInput',
  'Which subscription stays as it is.',
);

builder.mutationField('undoScheduledChange', (t) =>
  t.field({
    type: resultOf(
      'UndoScheduledChangeResult',
      subscriptionPayload('UndoScheduledChangePayload', 'It goes on as it is.'),
      REFUSALS,
    ),
    description:
      'Takes back what waits for the end of the period: a cancellation, a change of plan. Conflict when nothing does.',
    authScopes: { can: 'subscription:write' },
    args: {
      input: t.arg({ type: UndoScheduledChangeInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.undoScheduledChange(viewerOf(context), input),
  }),
);

const ExtendTrialInput = builder.inputType('ExtendTrialInput', {
  description: 'Whose trial ends later.',
  fields: (t) => ({
    subscription: t.id({ required: true, description: 'Its TypeID.' }),
    until: t.field({
      type: 'DateTime',
      required: true,
      description:
        'After the end that it has, within 730 days from now. The first period begins there.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('extendTrial', (t) =>
  t.field({
    type: resultOf(
      'ExtendTrialResult',
      subscriptionPayload('ExtendTrialPayload', 'Its trial ends then.'),
      REFUSALS,
    ),
    description:
      'Lets the trial of a TRIALING subscription end later. Credits of the trial that end with it end later too (`grant.extended`), and are not given again; those that come in a rhythm of their own go on to come.',
    authScopes: { can: 'subscription:write' },
    args: { input: t.arg({ type: ExtendTrialInput, required: true, description: 'Until when.' }) },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.extendTrial(viewerOf(context), input),
  }),
);
