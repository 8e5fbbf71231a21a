import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { exact, plain, ZERO } from '../src/kit/decimal.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { MAX_WRONG_CODES } from '../src/payments/withdrawals/code.ts';
import { builder } from './builder.ts';
import { cursorWithinReach, withinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { PaymentRefund } from './payment-returns.ts';
import { viewerOf } from './scopes.ts';
import { Wallet } from './wallet.ts';

export const WithdrawalStatus = builder.enumType('WithdrawalStatus', {
  description: 'What has become of a withdrawal. Its credit is taken when it is asked for.',
  values: {
    AWAITING_CONFIRMATION: { description: 'Somebody has to confirm it with its code.' },
    HELD: { description: 'It is confirmed, and can be called off until `releasesAt`.' },
    PROCESSING: { description: 'The money is on its way: its refunds say how far.' },
    PAID: { description: 'All of the money went back.' },
    PARTLY_PAID: { description: 'A part of it did; the credit of the rest is there again.' },
    FAILED: { description: 'None of it did, and the credit is there again.' },
    CANCELED: { description: 'It was called off, and the credit is there again.' },
    EXPIRED: { description: 'It was not confirmed in time, and the credit is there again.' },
  },
});

export const Withdrawal = builder.prismaObject('Withdrawal', {
  description:
    'What a customer takes back of what he has paid and not spent. It goes back the way it came: as refunds of his payments, the newest first.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `withdraw_01h455vb4pex5vsknk084sn02q`.',
      resolve: (withdrawal) => toTypeId('withdrawal', withdrawal.id),
    }),
    customer: t.relation('customer', {
      authScopes: { can: 'customer:read' },
      description: 'Whose money it is.',
    }),
    wallet: t.relation('wallet', {
      type: Wallet,
      authScopes: { can: 'wallet:read' },
      description: 'The wallet that it is taken out of.',
    }),
    status: t.expose('status', { type: WithdrawalStatus, description: 'What became of it.' }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'How much was asked for, without tax, in `asset`.',
    }),
    asset: t.relation('asset', { description: 'What was paid in, and goes back.' }),
    paid: t.field({
      type: 'Decimal',
      description:
        'How much of it went back, as far as its refunds say now: a bank may still send one back.',
      select: { refunds: { where: { status: 'SUCCEEDED' }, select: { amount: true } } },
      resolve: ({ refunds }) =>
        plain(refunds.reduce((sum, { amount }) => sum + exact(amount), ZERO)),
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      authScopes: { merchant: true },
      description: 'As it was said. For keys, not for customer tokens.',
    }),
    codeMailed: t.exposeBoolean('codeMailed', {
      description: 'Whether its code was mailed to the customer; else whoever asked was shown it.',
    }),
    triesLeft: t.int({
      description: 'How many wrong codes would call it off.',
      select: { wrongCodes: true },
      resolve: ({ wrongCodes }) => MAX_WRONG_CODES - wrongCodes,
    }),
    confirmBy: t.expose('confirmBy', {
      type: 'DateTime',
      description: 'Until when it can be confirmed: 15 minutes, by the time of the customer.',
    }),
    confirmedAt: t.expose('confirmedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was confirmed; null when it was not.',
    }),
    releasesAt: t.expose('releasesAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When its refunds are sent: `withdrawalHoldSeconds` after it was confirmed, as they were then. Null until it is.',
    }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was over; null until it is.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    refunds: t.relatedConnection('refunds', {
      cursor: 'id_customerId',
      extensions: { cursors: 'idAndCustomer' },
      description: 'What it is made of: one refund for each payment, the oldest payment first.',
      query: (page, context) => ({
        orderBy: { id: 'desc' },
        ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
      }),
    }),
  }),
});

registerNode('withdrawal', Withdrawal, (context, id) =>
  context.services.payments.findWithdrawal(viewerOf(context), id),
);

builder.prismaObjectField(PaymentRefund, 'withdrawal', (t) =>
  t.relation('withdrawal', {
    type: Withdrawal,
    nullable: true,
    description: 'Of which withdrawal it is a part; null for one that is none.',
  }),
);

builder.queryFields((t) => ({
  withdrawal: t.prismaField({
    type: Withdrawal,
    nullable: true,
    description: 'One withdrawal; null when none of that id is visible to the credential.',
    authScopes: { can: 'payment:read' },
    args: { id: t.arg.id({ required: true, description: 'Its TypeID.' }) },
    resolve: (query, _root, { id }, context) =>
      context.services.payments.findWithdrawalByTypeId(viewerOf(context), id, query),
  }),
}));

builder.queryField('withdrawals', (t) =>
  t.prismaConnection(
    {
      type: Withdrawal,
      cursor: 'id_customerId',
      extensions: { cursors: 'idAndCustomer' },
      description: 'The withdrawals that the credential may see, newest first.',
      authScopes: { can: 'payment:read' },
      args: {
        status: t.arg({ type: WithdrawalStatus, description: 'Only those that stand so now.' }),
      },
      resolve: (query, _root, { status }, context) =>
        context.services.payments.listWithdrawals(
          viewerOf(context),
          { status: status ?? null },
          withinReach(query, ofVisibleCustomers(viewerOf(context))),
        ),
    },
    { description: 'A page of withdrawals.' },
    { description: 'A withdrawal and its place in the list.' },
  ),
);

builder.prismaObjectFields('Customer', (t) => ({
  withdrawals: t.relatedConnection('withdrawals', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'payment:read' },
    description: 'What they took back of what they had paid and not spent, newest first.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
}));
