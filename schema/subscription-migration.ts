import type { Migrated, Migration } from '../src/subscriptions/migrate.ts';
import { builder } from './builder.ts';
import { ErrorInterface, resultOf } from './errors.ts';
import { viewerOf } from './scopes.ts';
import { PlanSubscription } from './subscription.ts';
import { CreditsOnChange, PreviewLine } from './subscription-changes.ts';
import { SubscriptionWhen } from './subscription-payload.ts';

const MigrationOutcome = builder.objectRef<Migrated>('MigrationOutcome').implement({
  description: 'What became of one subscription, or would.',
  fields: (t) => ({
    subscription: t.field({
      type: PlanSubscription,
      authScopes: { can: 'subscription:read' },
      description: 'The subscription as it is now.',
      resolve: ({ subscriptionId }, _args, context) =>
        context.loaders().subscriptions.load(subscriptionId),
    }),
    lines: t.field({
      type: [PreviewLine],
      description: 'What it would book at once, of a preview.',
      resolve: ({ lines }) => [...lines],
    }),
    error: t.field({
      type: ErrorInterface,
      nullable: true,
      description: 'Why it stays as it is; null when it does not.',
      resolve: ({ refusal }) => refusal,
    }),
  }),
});

const MigrateSubscriptionsPayload = builder
  .objectRef<Migration>('MigrateSubscriptionsPayload')
  .implement({
    description: 'What became of up to a hundred subscriptions.',
    fields: (t) => ({
      outcomes: t.field({
        type: [MigrationOutcome],
        extensions: { rows: 100 },
        description: 'One for each, in the order of their ids.',
        resolve: ({ outcomes }) => [...outcomes],
      }),
      next: t.id({
        nullable: true,
        description: 'Call again with this as `after`; null when there are no more.',
        resolve: ({ next }) => next,
      }),
    }),
  });

const MigrateSubscriptionsInput = builder.inputType('MigrateSubscriptionsInput', {
  description: 'Which subscriptions move to which version of their plan.',
  fields: (t) => ({
    to: t.string({
      required: true,
      description:
        'The code or TypeID of a plan, for its version published last, or the TypeID of one of its versions. Subscriptions of this plan that are on another version are moved.',
    }),
    from: t.id({ description: 'Those on this version only, by its TypeID.' }),
    subscriptions: t.idList({ description: 'These only, by TypeID.' }),
    when: t.field({ type: SubscriptionWhen, required: true, description: 'At once, or later.' }),
    credits: t.field({
      type: CreditsOnChange,
      description: 'PRORATE when left out. With NOW only: otherwise nothing is left of the period.',
    }),
    preview: t.boolean({ description: 'Only says what it would do; nothing is written.' }),
    after: t.id({ description: 'Behind this subscription: `next` of the call before.' }),
  }),
});

builder.mutationField('migrateSubscriptions', (t) =>
  t.field({
    type: resultOf('MigrateSubscriptionsResult', MigrateSubscriptionsPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Moves subscribers of a plan to a version of it: some or all, a hundred at a time, each by itself. Those that are there already are passed over, so that it may be repeated; one that is refused stays as it is and keeps none of the others.',
    authScopes: { can: 'subscription:write' },
    args: {
      input: t.arg({ type: MigrateSubscriptionsInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.migrateSubscriptions(viewerOf(context), input),
  }),
);
