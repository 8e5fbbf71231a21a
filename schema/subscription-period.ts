import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { cursorWithinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { Period } from './period.ts';
import { viewerOf } from './scopes.ts';

export const SubscriptionPeriod = builder.prismaObject('SubscriptionPeriod', {
  description: 'A period of a subscription that has begun.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it began.' }),
    endsAt: t.expose('endsAt', {
      type: 'DateTime',
      description: 'When it ends or has ended, which a change may have brought forward.',
    }),
    isTrial: t.exposeBoolean('isTrial', { description: 'Whether it was the trial.' }),
    closedAt: t.expose('closedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When what it was short of the minimum was charged; null while it runs.',
    }),
    subscription: t.relation('subscription', { description: 'Whose period it is.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was paid.' }),
  }),
});

export const SubscriptionChargeKind = builder.enumType('SubscriptionChargeKind', {
  description: 'What a subscription was charged for.',
  values: {
    ONCE: { description: 'A fee that comes once.' },
    RECURRING: { description: 'A fee of a period.' },
    SEATS: { description: 'Seats beyond the included ones, for a period.' },
    PRORATION: { description: 'A change, for the rest of a period.' },
    MINIMUM: {
      description:
        'What usage of a period was short of the minimum. It gives way to usage of the period that comes late: `returned` is what came back of it.',
    },
  },
});

export const SubscriptionCharge = builder.prismaObject('SubscriptionCharge', {
  description: 'Something that a subscription cost besides usage, paid from a wallet.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description:
        'A TypeID: `subcharge_01h455vb4pex5vsknk084sn02q`. Entries name it as their cause.',
      resolve: (charge) => toTypeId('subscriptionCharge', charge.id),
    }),
    kind: t.expose('kind', { type: SubscriptionChargeKind, description: 'What for.' }),
    code: t.exposeString('code', {
      description: 'The code of the fee; `seats`, `minimum` or `change` for the others.',
    }),
    description: t.exposeString('description', { nullable: true, description: 'For people.' }),
    quantity: t.expose('quantity', { type: 'Decimal', description: 'Of how many: seats, or 1.' }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: "Above zero, in the wallet's asset.",
    }),
    returned: t.expose('returned', {
      type: 'Decimal',
      description:
        "How much of it was given back since, from 0 to all of it, in the wallet's asset: what a change left unused, and what of a minimum usage that came late took the place of.",
    }),
    period: t.field({
      type: Period,
      description: 'For which time.',
      resolve: ({ periodStart, periodEnd }) => ({ start: periodStart, end: periodEnd }),
    }),
    wallet: t.relation('wallet', {
      authScopes: { can: 'wallet:read' },
      description: 'What it was paid from.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was charged.' }),
  }),
});

registerNode('subscriptionCharge', SubscriptionCharge, (context, id) =>
  context.services.subscriptions.findCharge(viewerOf(context), id),
);

builder.prismaObjectFields('Subscription', (t) => ({
  charges: t.relatedConnection('charges', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    description: 'What it has cost besides usage, newest first.',
    query: (page, context) => ({
      orderBy: { id: 'desc' },
      ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
    }),
  }),
}));
