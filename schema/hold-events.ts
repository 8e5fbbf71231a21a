import { parseInstant } from '../src/kit/clock.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { found } from './found.ts';
import { Hold } from './hold.ts';
import { UsageEvent } from './usage.ts';

type HoldEventType = 'hold.placed' | 'hold.captured' | 'hold.released' | 'hold.expired';

function holdEvent<Type extends HoldEventType>(
  type: Type,
  description: string,
  amountDescription: string,
) {
  const ref = eventType(type, description);
  builder.objectFields(ref, (t) => ({
    hold: t.field({
      type: Hold,
      authScopes: { can: 'hold:read' },
      description: 'The hold, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().holds.load(fact.holdId),
    }),
    amount: t.field({
      type: 'Decimal',
      authScopes: { can: 'hold:read' },
      description: amountDescription,
      resolve: ({ fact }) => fact.amount,
    }),
  }));
  return ref;
}

const HoldPlaced = holdEvent(
  'hold.placed',
  'Value was set aside by a hold.',
  "What was set aside, in the wallet's asset.",
);

builder.objectField(HoldPlaced, 'expiresAt', (t) =>
  t.field({
    type: 'DateTime',
    authScopes: { can: 'hold:read' },
    description: 'When it was to expire.',
    resolve: ({ fact }) => found(parseInstant(fact.expiresAt)),
  }),
);

const HoldCaptured = holdEvent(
  'hold.captured',
  'Usage was paid from a hold.',
  "What it cost, in the wallet's asset; it may be more than was set aside.",
);

/** The most events that one capture has. */
const MAX_NAMED = 100;

builder.objectFields(HoldCaptured, (t) => ({
  usageEvents: t.field({
    type: [UsageEvent],
    authScopes: { can: 'usage:read' },
    extensions: { rows: MAX_NAMED },
    description: 'What was paid for, in order. `usage.recorded` names them too.',
    resolve: async ({ fact }, _args, context) =>
      context.loaders().usageEvents.loadMany([...fact.usageEventIds]) as never,
  }),
  late: t.boolean({
    description: 'Whether the hold had expired before.',
    resolve: ({ fact }) => fact.late,
  }),
  closed: t.boolean({
    description: 'Whether it closed the hold.',
    resolve: ({ fact }) => fact.closed,
  }),
}));

holdEvent(
  'hold.released',
  'A hold was released: what it had set aside can be spent again.',
  "What it had still set aside, in the wallet's asset.",
);
holdEvent(
  'hold.expired',
  'A hold has expired: what it had set aside can be spent again.',
  "What it had still set aside, in the wallet's asset.",
);
