import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { cursorWithinReach, withinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { PaymentProvider } from './payment-provider.ts';
import { viewerOf } from './scopes.ts';

export const PaymentStatus = builder.enumType('PaymentStatus', {
  description: 'What has become of a payment. Only what is SETTLED is credited.',
  values: {
    PENDING: { description: 'It waits for the customer.' },
    AUTHORIZED: { description: 'It is promised, and not there yet.' },
    SETTLED: {
      description: 'It is there, and was credited. It stays so, also when it is refunded.',
    },
    FAILED: { description: 'It was declined, or the provider will not take it.' },
    CANCELED: { description: 'It was called off.' },
    EXPIRED: { description: 'It was not made in time.' },
  },
});

export const PaymentOrigin = builder.enumType('PaymentOrigin', {
  description: 'What a payment was made by.',
  values: {
    TOP_UP: { description: 'createTopUp.' },
    AUTO_RECHARGE: { description: 'A rule, because a wallet ran low.' },
    PAYMENT_LINK: { description: 'Somebody paid at a payment link.' },
    SUBSCRIPTION: { description: 'payForSubscription.' },
  },
});

const PaymentFailure = builder
  .objectRef<{ readonly code: string; readonly message: string }>('PaymentFailure')
  .implement({
    description: 'Why a payment has failed.',
    fields: (t) => ({
      code: t.exposeString('code', {
        description: '`CARD_DECLINED`, `AUTHENTICATION_REQUIRED` ...',
      }),
      message: t.exposeString('message', { description: 'For the customer, who may read it.' }),
    }),
  });

const PaidWith = builder
  .objectRef<{ readonly brand: string; readonly last4: string | null }>('PaidWith')
  .implement({
    description: 'What people recognize the card by, or whatever a payment was made with.',
    fields: (t) => ({
      brand: t.exposeString('brand', { description: '`visa`, `sepa_debit`, `USDC`.' }),
      last4: t.exposeString('last4', {
        nullable: true,
        description: 'The last four characters of its number; null when the provider does not say.',
      }),
    }),
  });

/** Where a payment can be made. */
const Checkout = builder
  .objectRef<{
    readonly url: string | null;
    readonly instructions: unknown;
    readonly expiresAt: Date;
  }>('Checkout')
  .implement({
    description:
      'Where a payment is made: a page of the provider, or what has to be known without one.',
    fields: (t) => ({
      url: t.exposeString('url', {
        nullable: true,
        description: 'The page to send the customer to; null where there is none.',
      }),
      instructions: t.field({
        type: 'JSON',
        nullable: true,
        description:
          'Where there is no page: a bank account and a reference, or an address, its link and its QR code. All values are strings.',
        resolve: ({ instructions }) => instructions,
      }),
      expiresAt: t.expose('expiresAt', {
        type: 'DateTime',
        description: 'Until when it can be used.',
      }),
    }),
  });

export const Payment = builder.prismaObject('Payment', {
  description: 'Money that a customer pays, and what is credited for it.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `payment_01h455vb4pex5vsknk084sn02q`.',
      resolve: (payment) => toTypeId('payment', payment.id),
    }),
    origin: t.expose('origin', { type: PaymentOrigin, description: 'What it was made by.' }),
    status: t.expose('status', { type: PaymentStatus, description: 'What has become of it.' }),
    customer: t.relation('customer', {
      authScopes: { can: 'customer:read' },
      description: 'Who pays.',
    }),
    provider: t.relation('provider', {
      type: PaymentProvider,
      authScopes: { can: 'provider:read' },
      description: 'Who takes the money.',
    }),
    asset: t.relation('asset', { description: 'What it is paid in.' }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'What is to be paid, without tax.',
    }),
    tax: t.expose('tax', {
      type: 'Decimal',
      description: 'What was paid on top of it for the tax office; it is not credited.',
    }),
    paid: t.expose('paid', {
      type: 'Decimal',
      description: 'What has arrived, without tax; refunds do not lower it.',
    }),
    refunded: t.expose('refunded', { type: 'Decimal', description: 'What was given back of it.' }),
    creditAsset: t.relation('creditAsset', { description: 'What it is credited in.' }),
    walletName: t.exposeString('walletName', {
      description: 'Which wallet of the customer in that asset; it is opened when it is credited.',
    }),
    credit: t.expose('credit', {
      type: 'Decimal',
      description: 'What is credited when all of it is paid; in proportion for less or more.',
    }),
    bonus: t.expose('bonus', { type: 'Decimal', description: 'What is given on top.' }),
    checkout: t.field({
      type: Checkout,
      nullable: true,
      description: 'Where it is made; null while the provider has made nothing.',
      resolve: ({ ref, checkoutUrl: url, instructions, expiresAt }) =>
        ref === null ? null : { url, instructions, expiresAt },
    }),
    actionUrl: t.exposeString('actionUrl', {
      nullable: true,
      description: 'Where the customer has to confirm it (3-D Secure); null when he has not.',
    }),
    failure: t.field({
      type: PaymentFailure,
      nullable: true,
      description: 'Why it has failed, or why the last attempt at it has; null when none has.',
      resolve: ({ failureCode: code, failureMessage: message }) =>
        code === null ? null : { code, message: message ?? code },
    }),
    paidWith: t.field({
      type: PaidWith,
      nullable: true,
      description: 'What it was paid with, also where that was not kept; null until it was paid.',
      resolve: ({ methodBrand: brand, methodLast4: last4 }) =>
        brand === null ? null : { brand, last4 },
    }),
    description: t.exposeString('description', { description: 'What the customer reads.' }),
    metadata: t.field({
      type: 'JSON',
      authScopes: { merchant: true },
      description: 'Your own data: workspace, plan, invoice. For keys, not for customer tokens.',
      resolve: ({ metadata }) => metadata,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    settledAt: t.expose('settledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was credited first; null when it was not.',
    }),
  }),
});

registerNode('payment', Payment, (context, id) =>
  context.services.payments.findPayment(viewerOf(context), id),
);

builder.queryFields((t) => ({
  payment: t.prismaField({
    type: Payment,
    nullable: true,
    description: 'One payment; null when none of that id is visible to the credential.',
    authScopes: { can: 'payment:read' },
    args: { id: t.arg.id({ required: true, description: 'Its TypeID.' }) },
    resolve: (query, _root, { id }, context) =>
      context.services.payments.findPaymentByTypeId(viewerOf(context), id, query),
  }),
}));

builder.queryField('payments', (t) =>
  t.prismaConnection(
    {
      type: Payment,
      cursor: 'id_customerId',
      extensions: { cursors: 'idAndCustomer' },
      description: 'The payments that the credential may see, newest first.',
      authScopes: { can: 'payment:read' },
      args: {
        status: t.arg({ type: PaymentStatus, description: 'Only those that stand so now.' }),
      },
      resolve: (query, _root, { status }, context) =>
        context.services.payments.listPayments(
          viewerOf(context),
          { status: status ?? null },
          withinReach(query, ofVisibleCustomers(viewerOf(context))),
        ),
    },
    { description: 'A page of payments.' },
    { description: 'A payment and its place in the list.' },
  ),
);

builder.prismaObjectFields('Customer', (t) => ({
  payments: t.relatedConnection('payments', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'payment:read' },
    description: 'What they were asked for and paid, newest first.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
}));
