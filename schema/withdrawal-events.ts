import type { EventType } from '../src/live/event.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { Wallet } from './wallet.ts';
import { Withdrawal, WithdrawalStatus } from './withdrawal.ts';

type WithdrawalEventType = Extract<EventType, `withdrawal.${string}`>;

function withdrawalEvent<Type extends WithdrawalEventType>(type: Type, description: string) {
  builder.objectFields(eventType(type, description), (t) => ({
    withdrawal: t.field({
      type: Withdrawal,
      authScopes: { can: 'payment:read' },
      description: 'The withdrawal, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().withdrawals.load(fact.withdrawalId),
    }),
    wallet: t.field({
      type: Wallet,
      authScopes: { can: 'wallet:read' },
      description: 'The wallet, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().wallets.load(fact.walletId),
    }),
    status: t.field({
      type: WithdrawalStatus,
      description: 'How the event left it.',
      resolve: ({ fact }) => fact.status as typeof WithdrawalStatus.$inferType,
    }),
    amount: t.field({
      type: 'Decimal',
      authScopes: { can: 'payment:read' },
      description: 'How much was asked for, without tax.',
      resolve: ({ fact }) => fact.amount,
    }),
    paid: t.field({
      type: 'Decimal',
      authScopes: { can: 'payment:read' },
      description: 'How much of it went back.',
      resolve: ({ fact }) => fact.paid,
    }),
    asset: t.field({
      type: Asset,
      description: 'What was paid in.',
      resolve: ({ fact }, _args, context) => context.loaders().assets.load(fact.assetId),
    }),
  }));
}

withdrawalEvent(
  'withdrawal.requested',
  'What a customer has paid and not spent is to go back. Its credit is taken; its code has to confirm it.',
);
withdrawalEvent(
  'withdrawal.confirmed',
  'A withdrawal was confirmed, and waits for its hold period.',
);
withdrawalEvent('withdrawal.canceled', 'A withdrawal was called off; its credit is there again.');
withdrawalEvent(
  'withdrawal.expired',
  'A withdrawal was not confirmed in time; its credit is there again.',
);
withdrawalEvent(
  'withdrawal.paid',
  'All of the money of a withdrawal went back, or, PARTLY_PAID, as much as `paid` says.',
);
withdrawalEvent(
  'withdrawal.failed',
  'None of the money of a withdrawal went back; its credit is there again.',
);
