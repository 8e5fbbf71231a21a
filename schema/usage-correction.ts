import type { UsageCorrected } from '../src/usage/correct/correct-usage.ts';
import { BalanceUpdate } from './balance.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';
import { UsageEvent } from './usage.ts';

builder.prismaObjectField('UsageEvent', 'correctedAt', (t) =>
  t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When it was taken back with `correctUsage`; null for what counts.',
    resolve: (event, _args, context) => context.loaders().corrections.load(event.id),
  }),
);

const CorrectUsageInput = builder.inputType('CorrectUsageInput', {
  description: 'An event that is to be taken back.',
  fields: (t) => ({
    event: t.id({
      required: true,
      description: 'The TypeID of the event: `event_01h455vb4pex5vsknk084sn02q`.',
    }),
    description: t.string({ description: 'Why, for people; at most 500 characters.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const CorrectUsagePayload = builder.objectRef<UsageCorrected>('CorrectUsagePayload').implement({
  description: 'The event counts no longer.',
  fields: (t) => ({
    event: t.field({
      type: UsageEvent,
      description: 'The event; its charges are told as they were made.',
      resolve: async ({ usageEventId }, _args, context) =>
        found(await context.loaders().usageEvents.load(usageEventId)) as never,
    }),
    created: t.exposeBoolean('created', {
      description: 'False when it was taken back before; nothing was written.',
    }),
    balances: t.field({
      type: [BalanceUpdate],
      description: 'The wallets that its charges drew on, as they are now.',
      resolve: ({ usageEventId }, _args, context) =>
        context.loaders().balancesOfEvent(usageEventId),
    }),
  }),
});

builder.mutationField('correctUsage', (t) =>
  t.field({
    type: resultOf('CorrectUsageResult', CorrectUsagePayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description:
      'Takes a recorded event back. What it counts for now is counted no longer, and what that costs now is given back to the grants it was drawn from. Its eventId stays used: report what is right under another one.',
    authScopes: { can: 'usage:write' },
    args: {
      input: t.arg({ type: CorrectUsageInput, required: true, description: 'The event.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.usage.correct(viewerOf(context), input),
  }),
);
