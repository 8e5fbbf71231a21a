import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { cursorWithinReach } from './cursor.ts';
import { CreditGrant } from './grant.ts';
import { Node, registerNode } from './node.ts';
import { Payment } from './payment.ts';
import { viewerOf } from './scopes.ts';

const PaymentCredit = builder.prismaObject('PaymentCredit', {
  interfaces: [Node],
  description: 'What was credited for what has arrived of a payment.',
  fields: (t) => ({
    id: t.id({
      description:
        'A TypeID: `paycredit_01h455vb4pex5vsknk084sn02q`; the cause of its ledger entries.',
      resolve: (credit) => toTypeId('paymentCredit', credit.id),
    }),
    paid: t.expose('paid', { type: 'Decimal', description: 'What has arrived, without tax.' }),
    credit: t.expose('credit', { type: 'Decimal', description: 'What was credited for it.' }),
    bonus: t.expose('bonus', { type: 'Decimal', description: 'What was given on top.' }),
    grant: t.field({
      type: CreditGrant,
      nullable: true,
      authScopes: { can: 'wallet:read' },
      description: 'The grant that was paid for; null for less than the asset keeps.',
      resolve: ({ grantId }, _args, context) =>
        grantId === null ? null : context.loaders().grants.load(grantId),
    }),
    bonusGrant: t.field({
      type: CreditGrant,
      nullable: true,
      authScopes: { can: 'wallet:read' },
      description: 'The grant of what was given on top; null when there was nothing.',
      resolve: ({ bonusGrantId }, _args, context) =>
        bonusGrantId === null ? null : context.loaders().grants.load(bonusGrantId),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When.' }),
  }),
});

registerNode('paymentCredit', PaymentCredit, (context, id) =>
  context.services.payments.findCredit(viewerOf(context), id),
);

builder.prismaObjectField(Payment, 'credits', (t) =>
  t.relatedConnection('credits', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    description: 'What was credited for it: one for all, or more where it came in parts.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
);
