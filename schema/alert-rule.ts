import { ofVisibleCustomers } from '../src/access/viewer.ts';
import type { StoredTerms } from '../src/alerts/rule.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { isRefusal } from '../src/kit/refusal.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { CustomerRef } from './customer.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const AlertKind = builder.enumType('AlertKind', {
  description: 'What an alert is raised for.',
  values: {
    BELOW_AMOUNT: { description: 'Less than an amount is left.' },
    BELOW_PERCENT: {
      description:
        'Less than so many percent are left of what there was right after the last credit.',
    },
    DEPLETED: { description: 'Nothing is left, or a debt.' },
    RECOVERED: {
      description:
        'Something is left again after a depletion. Such an alert is over as soon as it is told.',
    },
    BURN_RATE: { description: 'It is spent several times as fast as it was on average.' },
    PROJECTED_EMPTY: {
      description:
        'At the rate of the last 24 hours nothing is left within so many hours; the rate of a wallet that began to spend later is that since then, over an hour at least.',
    },
    GRANT_EXPIRING: {
      description:
        'A grant that has something left ends within so many days of 24 hours: told once for each grant, with the call that makes it when it does so already.',
    },
  },
});

const BurnRateTerms = builder.objectRef<StoredTerms>('BurnRateTerms').implement({
  description: 'When spending is too fast: the runaway integration.',
  fields: (t) => ({
    multiple: t.field({
      type: 'Decimal',
      description: 'How many times the average of windows before it a window must spend.',
      resolve: (terms) => String(terms.multiple),
    }),
    windowMinutes: t.int({
      description: 'How long the window is, which ends now.',
      resolve: (terms) => Number(terms.windowMinutes),
    }),
    trailingHours: t.int({
      description: 'How far the average goes back from the beginning of the window.',
      resolve: (terms) => Number(terms.trailingHours),
    }),
    minimum: t.field({
      type: 'Decimal',
      description: 'A window that spends less raises nothing. In the asset.',
      resolve: (terms) => String(terms.minimum),
    }),
  }),
});

export const AlertRule = builder.prismaObject('AlertRule', {
  description:
    'When to raise an alert. It is for one wallet, for all wallets of a customer, or for those of all customers; all that are for a wallet apply to it, none replaces another.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `alertrule_01h455vb4pex5vsknk084sn02q`.',
      resolve: (rule) => toTypeId('alertRule', rule.id),
    }),
    name: t.exposeString('name', { nullable: true, description: 'What people call it.' }),
    kind: t.expose('kind', { type: AlertKind, description: 'What it is about.' }),
    customer: t.relation('customer', {
      nullable: true,
      description: 'Whose wallets it is for; null: those of all customers.',
      authScopes: { can: 'customer:read' },
    }),
    wallet: t.relation('wallet', {
      nullable: true,
      description: 'The one wallet that it is for; null: all of the customer, or of all.',
      authScopes: { can: 'wallet:read' },
    }),
    asset: t.relation('asset', {
      nullable: true,
      description: 'Only wallets of this asset; null: of every asset, or the one of `wallet`.',
    }),
    belowAmount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'For BELOW_AMOUNT, in the asset.',
      resolve: ({ terms }) => textIn(terms, 'amount'),
    }),
    belowPercent: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'For BELOW_PERCENT: `20`.',
      resolve: ({ terms }) => textIn(terms, 'percent'),
    }),
    burnRate: t.field({
      type: BurnRateTerms,
      nullable: true,
      description: 'For BURN_RATE.',
      resolve: ({ kind, terms }) => (kind === 'BURN_RATE' ? (terms as StoredTerms) : null),
    }),
    projectedEmptyHours: t.int({
      nullable: true,
      description: 'For PROJECTED_EMPTY.',
      resolve: ({ terms }) => numberIn(terms, 'hours'),
    }),
    grantExpiringDays: t.int({
      nullable: true,
      description: 'For GRANT_EXPIRING.',
      resolve: ({ terms }) => numberIn(terms, 'days'),
    }),
    emails: t.exposeStringList('emails', {
      description:
        "Whom its alerts are mailed to, if the server sends mail; `customer` is the customer's own address. Shown to keys only, never to a customer's token.",
      authScopes: { merchant: true },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted; its alerts still name it. Null while it is not.',
    }),
  }),
});

function textIn(terms: unknown, name: string): string | null {
  const value = (terms as StoredTerms)[name];
  return value === undefined ? null : String(value);
}

function numberIn(terms: unknown, name: string): number | null {
  const value = (terms as StoredTerms)[name];
  return value === undefined ? null : Number(value);
}

registerNode('alertRule', AlertRule, (context, id) =>
  context.services.alerts.findRule(viewerOf(context), id),
);

builder.queryField('alertRules', (t) =>
  t.prismaConnection(
    {
      type: AlertRule,
      cursor: 'id',
      description:
        'The rules that the credential may see, oldest first: those for all customers and those of customers and their wallets. Deleted ones are left out. A customer that is not there has none.',
      authScopes: { can: 'alert:read' },
      args: {
        customer: t.arg({
          type: CustomerRef,
          description: 'Only the rules of this customer and of its wallets.',
        }),
      },
      resolve: async (query, _root, { customer }, context) => {
        const viewer = viewerOf(context);
        const { customers, alerts } = context.services;
        const customerId = customer ? await customers.resolveCustomer(viewer, customer) : null;
        if (isRefusal(customerId)) return [];
        return alerts.listRules(
          viewer,
          { customerId },
          withinReach(query, ofVisibleCustomers(viewer)),
        );
      },
    },
    { description: 'A page of alert rules.' },
    { description: 'An alert rule and its place in the list.' },
  ),
);
