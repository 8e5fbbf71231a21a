import { parseInstant } from '../src/kit/clock.ts';
import type { EventType } from '../src/live/event.ts';
import { AutoRechargeRule } from './auto-recharge.ts';
import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { Payment } from './payment.ts';
import { Wallet } from './wallet.ts';

type RechargeEventType = Extract<EventType, `recharge.${string}`>;

const RechargeAction = builder.enumType('RechargeAction', {
  description: 'What can be done about what is told of a recharge.',
  values: {
    NOTHING: { description: 'It goes well, or goes on by itself at `retryAt`.' },
    CHECK_METHOD: { description: 'See to the card: it is tried again at `retryAt`.' },
    CHANGE_METHOD: { description: 'Save the rule with another card.' },
    RAISE_CAP: { description: 'Raise the caps of the rule, or top the wallet up.' },
    SET_RATE: { description: 'Set an exchange rate for top-ups between the two assets.' },
  },
});

function rechargeEvent<Type extends RechargeEventType>(type: Type, description: string) {
  const ref = eventType(type, description);
  builder.objectFields(ref, (t) => ({
    rule: t.field({
      type: AutoRechargeRule,
      authScopes: { can: 'payment:read' },
      description: 'The rule, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().rechargeRules.load(fact.ruleId),
    }),
    wallet: t.field({
      type: Wallet,
      authScopes: { can: 'wallet:read' },
      description: 'The wallet, as it is now.',
      resolve: ({ fact }, _args, context) => context.loaders().wallets.load(fact.walletId),
    }),
    payment: t.field({
      type: Payment,
      nullable: true,
      authScopes: { can: 'payment:read' },
      description: 'The payment, as it is now; null where none was made.',
      resolve: ({ fact }, _args, context) =>
        fact.paymentId === null ? null : context.loaders().payments.load(fact.paymentId),
    }),
    reason: t.string({
      nullable: true,
      description: 'Why: `CARD_DECLINED`, `COUNT`, `AMOUNT`; null where it goes well.',
      resolve: ({ fact }) => fact.reason,
    }),
    retryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried again by itself; null: it is not.',
      resolve: ({ fact }) => parseInstant(fact.retryAt),
    }),
    action: t.field({
      type: RechargeAction,
      description: 'What can be done about it.',
      resolve: ({ fact }) => fact.action,
    }),
  }));
}

rechargeEvent('recharge.started', 'A wallet ran low, and its rule has asked for money.');
rechargeEvent('recharge.succeeded', 'What a rule has asked for was paid and credited.');
rechargeEvent(
  'recharge.declined',
  'What a rule has asked for was not paid, or could not be asked for: `reason` says why.',
);
rechargeEvent(
  'recharge.capped',
  'A wallet is low, and the caps of its rule are reached until `retryAt`.',
);
rechargeEvent(
  'recharge.suspended',
  'A rule was declined three times in a row, and asks no more until it has another card.',
);
