import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { COUNTED_USES } from '../src/payments/links/link-store.ts';
import { builder } from './builder.ts';
import { cursorWithinReach, withinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { Payment } from './payment.ts';
import { viewerOf } from './scopes.ts';

export const PaymentLink = builder.prismaObject('PaymentLink', {
  description:
    'An address at which anybody who knows it may pay for one customer: an invoice, or a balance that is filled up again and again.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `paylink_01h455vb4pex5vsknk084sn02q`.',
      resolve: (link) => toTypeId('paymentLink', link.id),
    }),
    url: t.string({
      description:
        'The page to send to whoever pays. Who knows it may pay, and see what was begun.',
      select: { slug: true },
      resolve: (link, _args, context) => context.services.payments.addressOfLink(link),
    }),
    customer: t.relation('customer', {
      authScopes: { can: 'customer:read' },
      description: 'Whose wallet is credited.',
    }),
    description: t.exposeString('description', { description: 'What whoever pays reads.' }),
    pack: t.relation('pack', {
      nullable: true,
      authScopes: { can: 'catalog:read' },
      description: 'What is bought; null where it is not packs.',
    }),
    quantity: t.exposeInt('packQuantity', {
      nullable: true,
      description: 'How many packs; null where it is not packs.',
    }),
    creditAsset: t.relation('creditAsset', {
      nullable: true,
      description: 'What is credited; null where it is packs, which say it.',
    }),
    asset: t.relation('asset', {
      nullable: true,
      description: 'What it is paid in; null where it is packs, which say it.',
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      nullable: true,
      description: 'What is to be paid; null where that is chosen, and where it is packs.',
    }),
    minAmount: t.expose('minAmount', {
      type: 'Decimal',
      nullable: true,
      description: 'The least that may be chosen; null where nothing is chosen.',
    }),
    maxAmount: t.expose('maxAmount', {
      type: 'Decimal',
      nullable: true,
      description: 'The most that may be chosen; null where nothing is chosen.',
    }),
    suggestedAmounts: t.field({
      type: ['Decimal'],
      description: 'What the page offers to choose; nothing where nothing is chosen.',
      resolve: ({ suggestedAmounts }) => suggestedAmounts as string[],
    }),
    expiresAfterDays: t.exposeInt('expiresAfterDays', {
      nullable: true,
      description:
        'When the credit expires, in days after it was credited; null: never, or as the pack says.',
    }),
    walletName: t.exposeString('walletName', {
      description: 'Which wallet of the customer is credited.',
    }),
    active: t.exposeBoolean('isActive', { description: 'Whether anybody may pay at it.' }),
    maxUses: t.exposeInt('maxUses', {
      nullable: true,
      description: 'How many payments it may have; null: any number.',
    }),
    uses: t.relationCount('payments', {
      where: COUNTED_USES,
      description: 'How many of its payments are made, or can still be.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when one may pay at it; null: for ever.',
    }),
    metadata: t.field({
      type: 'JSON',
      authScopes: { merchant: true },
      description: 'Your own data, which its payments and grants get too. Not for customer tokens.',
      resolve: ({ metadata }) => metadata,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    payments: t.relatedConnection('payments', {
      cursor: 'id_customerId',
      extensions: { cursors: 'idAndCustomer' },
      description: 'What was begun at it, newest first.',
      query: (page, context) => ({
        orderBy: { id: 'desc' },
        ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
      }),
    }),
  }),
});

registerNode('paymentLink', PaymentLink, (context, id) =>
  context.services.payments.findLink(viewerOf(context), id),
);

builder.prismaObjectField(Payment, 'link', (t) =>
  t.relation('link', {
    nullable: true,
    description: 'The payment link that it was made at; null for none.',
  }),
);

builder.queryField('paymentLink', (t) =>
  t.prismaField({
    type: PaymentLink,
    nullable: true,
    description: 'One payment link; null when none of that id is visible to the credential.',
    authScopes: { can: 'payment:read' },
    args: { id: t.arg.id({ required: true, description: 'Its TypeID.' }) },
    resolve: (query, _root, { id }, context) =>
      context.services.payments.findLinkByTypeId(viewerOf(context), id, query),
  }),
);

builder.queryField('paymentLinks', (t) =>
  t.prismaConnection(
    {
      type: PaymentLink,
      cursor: 'id_customerId',
      extensions: { cursors: 'idAndCustomer' },
      description: 'The payment links that the credential may see, newest first.',
      authScopes: { can: 'payment:read' },
      resolve: (query, _root, _args, context) =>
        context.services.payments.listLinks(
          viewerOf(context),
          withinReach(query, ofVisibleCustomers(viewerOf(context))),
        ),
    },
    { description: 'A page of payment links.' },
    { description: 'A payment link and its place in the list.' },
  ),
);

builder.prismaObjectFields('Customer', (t) => ({
  paymentLinks: t.relatedConnection('paymentLinks', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'payment:read' },
    description: 'Where one may pay for them, newest first.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
}));
