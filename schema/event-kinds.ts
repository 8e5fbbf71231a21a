import type { RefusedUsage } from '../src/live/event.ts';
import { Asset } from './asset.ts';
import { Balance, BalanceCause } from './balance.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { grantEvent } from './grant-event.ts';
import { UsageEvent } from './usage.ts';
import { Wallet } from './wallet.ts';

type WalletEventType = 'balance.changed' | 'wallet.opened' | 'wallet.updated';

function walletEvent<Type extends WalletEventType>(type: Type, description: string) {
  const ref = eventType(type, description);
  builder.objectField(ref, 'wallet', (t) =>
    t.field({
      type: Wallet,
      authScopes: { can: 'wallet:read' },
      description: 'The wallet, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().wallets.load(fact.walletId),
    }),
  );
  return ref;
}

const BalanceChanged = walletEvent('balance.changed', 'What a wallet may spend has changed.');

builder.objectFields(BalanceChanged, (t) => ({
  version: t.field({
    type: 'SafeInt',
    description: "The wallet's version that this event made.",
    resolve: ({ fact }) => fact.version,
  }),
  balance: t.field({
    type: Balance,
    authScopes: { can: 'wallet:read' },
    description: 'The balance as of that version.',
    resolve: ({ fact }) => fact.balance,
  }),
  cause: t.field({
    type: BalanceCause,
    description: 'Why it changed.',
    resolve: ({ fact }) => fact.cause,
  }),
}));

/** The most events that are committed together. */
const MAX_NAMED = 1_000;

builder.objectFields(
  eventType(
    'usage.recorded',
    'Usage was recorded and paid for: all of it that was committed together.',
  ),
  (t) => ({
    usageEvents: t.field({
      type: [UsageEvent],
      authScopes: { can: 'usage:read' },
      extensions: { rows: MAX_NAMED },
      description: 'What was recorded, in the order in which it was paid for.',
      resolve: async ({ fact }, _args, context) =>
        context.loaders().usageEvents.loadMany([...fact.usageEventIds]) as never,
    }),
    count: t.int({
      description: 'How many usage events it names.',
      resolve: ({ fact }) => fact.usageEventIds.length,
    }),
  }),
);

const UsageRefusal = builder.objectRef<RefusedUsage>('UsageRefusal').implement({
  description: 'One usage event that was refused for want of funds. It is not stored.',
  fields: (t) => ({
    eventId: t.exposeString('eventId', { description: 'Your id for it.' }),
    asset: t.field({
      type: Asset,
      description: 'What the amounts count.',
      resolve: ({ assetId }, _args, context) => context.loaders().assets.load(assetId),
    }),
    wallet: t.field({
      type: Wallet,
      nullable: true,
      authScopes: { can: 'wallet:read' },
      description: 'The wallet that was short; null when the customer had none in the asset.',
      resolve: ({ walletId }, _args, context) =>
        walletId === null ? null : context.loaders().wallets.load(walletId),
    }),
    required: t.field({
      type: 'Decimal',
      description: 'What it would have cost.',
      resolve: ({ required }) => required,
    }),
    available: t.field({
      type: 'Decimal',
      description: 'What it could have drawn then.',
      resolve: ({ available }) => available,
    }),
  }),
});

builder.objectFields(
  eventType(
    'usage.refused',
    'Usage was refused for want of funds: all of it that was decided together. Nothing of it was stored or paid.',
  ),
  (t) => ({
    refusals: t.field({
      type: [UsageRefusal],
      authScopes: { can: 'usage:read' },
      extensions: { rows: MAX_NAMED },
      description: 'What was refused, in order.',
      resolve: ({ fact }) => [...fact.refusals],
    }),
  }),
);

grantEvent('grant.created', 'Credit was granted.', "What was granted, in the wallet's asset.");
grantEvent(
  'grant.voided',
  'A grant, or a part of it, was taken back.',
  "What was taken back, in the wallet's asset.",
);
grantEvent(
  'grant.extended',
  'A grant ends later than it was to: the trial that it is for was extended. Its `expiresAt` says when.',
  "What it has left, in the wallet's asset.",
);
grantEvent(
  'grant.expired',
  'A grant pays no more for what happens from now on. It may still pay for what happened before, while the settlement window is open.',
  "What it had left, in the wallet's asset.",
);

walletEvent('wallet.opened', 'A wallet was opened.');
walletEvent('wallet.updated', 'What happens when the money ends was changed.');

eventType('customer.created', 'A customer was created.');
eventType('customer.updated', "A customer's name, email or metadata was changed.");
