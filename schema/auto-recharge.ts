import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const RechargePeriod = builder.enumType('RechargePeriod', {
  description: 'What the caps of a rule are for. Periods are those of the calendar, by UTC.',
  values: {
    DAY: { description: 'From midnight to midnight.' },
    WEEK: { description: 'From Monday to Sunday.' },
    MONTH: { description: 'From the first to the last day.' },
  },
});

export const RechargeStatus = builder.enumType('RechargeStatus', {
  description: 'How a recharge rule stands.',
  values: {
    ARMED: { description: 'It waits for its wallet to run low.' },
    IN_FLIGHT: { description: 'A payment of it is under way. There is one at a time.' },
    WAITING: {
      description:
        'The wallet is low, and it is looked at again at `nextAt`: after a decline, a cooldown, or while money is on its way.',
    },
    CAPPED: { description: 'The wallet is low, and the caps are reached until `nextAt`.' },
    SUSPENDED: { description: 'It was declined three times in a row: it needs another card.' },
    DISABLED: { description: 'It was disabled, or deleted.' },
  },
});

export const AutoRechargeRule = builder.prismaObject('AutoRechargeRule', {
  description:
    'That a wallet is recharged when it runs low, in the moment in which it does. A wallet has none until somebody asks for it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `rechargerule_01h455vb4pex5vsknk084sn02q`.',
      resolve: ({ id }) => toTypeId('autoRechargeRule', id),
    }),
    wallet: t.relation('wallet', {
      authScopes: { can: 'wallet:read' },
      description: 'Which wallet.',
    }),
    enabled: t.exposeBoolean('enabled', { description: 'Whether it does anything.' }),
    threshold: t.expose('threshold', {
      type: 'Decimal',
      description:
        "Low is less than that, in the wallet's asset: what is settled and not held, without overdraft.",
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      nullable: true,
      description: 'What is paid each time, in `asset`; null where `target` says it.',
    }),
    target: t.expose('target', {
      type: 'Decimal',
      nullable: true,
      description: 'What the wallet is filled up to, in its asset; null where `amount` says it.',
    }),
    asset: t.relation('asset', { description: 'What it is paid in.' }),
    methodId: t.id({
      description: 'What it is paid with: the TypeID of a payment method of the customer.',
      resolve: ({ methodId }) => toTypeId('paymentMethod', methodId),
    }),
    period: t.expose('period', { type: RechargePeriod, description: 'What the caps are for.' }),
    maxAmount: t.expose('maxAmount', {
      type: 'Decimal',
      description: 'So much is paid in a period at the most, in `asset`, without tax.',
    }),
    maxCount: t.exposeInt('maxCount', { description: 'So often in a period at the most.' }),
    cooldownSeconds: t.exposeInt('cooldownSeconds', {
      description: 'So long after one was started the next is, at the earliest.',
    }),
    expiresAfterDays: t.exposeInt('expiresAfterDays', {
      nullable: true,
      description: 'When what is credited expires, in days; null: never.',
    }),
    status: t.expose('status', { type: RechargeStatus, description: 'How it stands.' }),
    reason: t.string({
      nullable: true,
      description:
        'Why it does not recharge: `DECLINED`, `COOLDOWN`, `PROMISED`, `NO_METHOD` or `NO_RATE` of WAITING, `COUNT` or `AMOUNT` of CAPPED, and what the last decline said of SUSPENDED; null otherwise.',
      resolve: ({ status, reason, suspendedReason }) =>
        status === 'SUSPENDED' ? suspendedReason : reason,
    }),
    nextAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is looked at again by itself; null when time alone changes nothing.',
    }),
    failures: t.exposeInt('failures', { description: 'How often it was declined in a row.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

registerNode('autoRechargeRule', AutoRechargeRule, (context, id) =>
  context.services.payments.findRechargeRule(viewerOf(context), id),
);

builder.prismaObjectFields('Wallet', (t) => ({
  autoRecharge: t.field({
    type: AutoRechargeRule,
    nullable: true,
    authScopes: { can: 'payment:read' },
    description: 'Its recharge rule; null when it has none.',
    select: (_args, _context, nestedSelection) => ({
      rechargeRules: nestedSelection({ where: { deletedAt: null }, take: 1 }),
    }),
    resolve: ({ rechargeRules: [rule] }) => rule ?? null,
  }),
}));
