import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { cursorWithinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { Payment } from './payment.ts';
import { viewerOf } from './scopes.ts';

export const PaymentMethod = builder.prismaObject('PaymentMethod', {
  description:
    'How a customer pays, kept by the provider: here is a token of it, and what people recognize it by. Never a number.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `paymethod_01h455vb4pex5vsknk084sn02q`.',
      resolve: (method) => toTypeId('paymentMethod', method.id),
    }),
    brand: t.exposeString('brand', { description: '`visa`, `sepa_debit`.' }),
    last4: t.exposeString('last4', {
      nullable: true,
      description: 'The last four characters of its number; null when the provider does not say.',
    }),
    expMonth: t.exposeInt('expMonth', {
      nullable: true,
      description: 'The month that it is good until, 1 to 12; null for one that does not expire.',
    }),
    expYear: t.exposeInt('expYear', {
      nullable: true,
      description: 'The year: `2030`; null for one that does not expire.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was kept.' }),
    detachedAt: t.expose('detachedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is not used any more; null while it is.',
    }),
  }),
});

registerNode('paymentMethod', PaymentMethod, (context, id) =>
  context.services.payments.findMethod(viewerOf(context), id),
);

builder.prismaObjectFields('Customer', (t) => ({
  paymentMethods: t.relatedConnection('methods', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'payment:read' },
    description: 'How they pay, as far as it was kept, newest first.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
}));

builder.prismaObjectField(Payment, 'method', (t) =>
  t.relation('method', {
    nullable: true,
    description: 'What it was paid with, if that was kept; null otherwise.',
  }),
);
