import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { exact, plain } from '../src/kit/decimal.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { cursorWithinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { Payment } from './payment.ts';
import { SpentCreditPolicy } from './payment-settings.ts';
import { viewerOf } from './scopes.ts';

const PaymentRefundStatus = builder.enumType('PaymentRefundStatus', {
  description: 'What has become of a refund. Its credit is taken back before the money goes.',
  values: {
    PENDING: { description: 'The money is on its way, or the provider is still to be asked.' },
    SUCCEEDED: { description: 'The money was given back.' },
    FAILED: { description: 'It was not, and the credit is there again.' },
  },
});

export const PaymentDisputeStatus = builder.enumType('PaymentDisputeStatus', {
  description: 'What has become of a dispute.',
  values: {
    OPEN: { description: 'It is being judged; what is left of the credit is kept back.' },
    WON: { description: 'The money stays, and the credit is there again.' },
    LOST: { description: 'The money is gone, and so is the credit.' },
  },
});

/** What was taken of the grants of a payment. */
function takenOf({ allocations }: { readonly allocations: unknown }): string {
  const taken = (allocations as [string, string][]).map(([, amount]) => exact(amount));
  return plain(taken.reduce((sum, amount) => sum + amount, 0n));
}

export const PaymentRefund = builder.prismaObject('PaymentRefund', {
  description: 'Money of a payment that goes back, asked for here or made at the provider.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `refund_01h455vb4pex5vsknk084sn02q`; the cause of its entries.',
      resolve: (refund) => toTypeId('paymentRefund', refund.id),
    }),
    payment: t.relation('payment', { type: Payment, description: 'Of which payment.' }),
    status: t.expose('status', { type: PaymentRefundStatus, description: 'What became of it.' }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'How much, without tax, in what was paid.',
    }),
    taken: t.field({
      type: 'Decimal',
      description: 'What was taken of what was left of the credit, in what was credited.',
      resolve: takenOf,
    }),
    shortfall: t.expose('shortfall', {
      type: 'Decimal',
      description: 'How much of the credit was spent already.',
    }),
    spentCreditPolicy: t.expose('spentCreditPolicy', {
      type: SpentCreditPolicy,
      description: 'What has become of the shortfall.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      authScopes: { merchant: true },
      description: 'As it was said. For keys, not for customer tokens.',
    }),
    failureCode: t.exposeString('failureCode', {
      nullable: true,
      description: 'Why the provider has not made it, or not yet: `TIMEOUT`. Null when it has.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it changed last.' }),
  }),
});

export const PaymentDispute = builder.prismaObject('PaymentDispute', {
  description: 'A customer says to his bank that a payment was not his.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `dispute_01h455vb4pex5vsknk084sn02q`; the cause of its entries.',
      resolve: (dispute) => toTypeId('paymentDispute', dispute.id),
    }),
    payment: t.relation('payment', { type: Payment, description: 'Of which payment.' }),
    status: t.expose('status', { type: PaymentDisputeStatus, description: 'What became of it.' }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'How much, without tax, in what was paid.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: "In the provider's words: `fraudulent`.",
    }),
    taken: t.field({
      type: 'Decimal',
      description: 'What is kept back of the credit, or is gone; zero once it was won.',
      resolve: takenOf,
    }),
    shortfall: t.expose('shortfall', {
      type: 'Decimal',
      description: 'Of one that is lost: how much of the credit was spent already.',
    }),
    spentCreditPolicy: t.expose('spentCreditPolicy', {
      type: SpentCreditPolicy,
      description: 'What has become of the shortfall.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was seen first.' }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was won or lost; null until then.',
    }),
  }),
});

registerNode('paymentRefund', PaymentRefund, (context, id) =>
  context.services.payments.findRefund(viewerOf(context), id),
);
registerNode('paymentDispute', PaymentDispute, (context, id) =>
  context.services.payments.findDispute(viewerOf(context), id),
);

builder.prismaObjectFields(Payment, (t) => ({
  refunds: t.relatedConnection('refunds', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    description: 'What goes back of it, or has gone, newest first.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
  disputes: t.relatedConnection('disputes', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    description: 'Where the customer has called it into question, newest first.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
}));
