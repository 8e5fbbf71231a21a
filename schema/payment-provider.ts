import { inOrganization } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const PaymentProviderKind = builder.enumType('PaymentProviderKind', {
  description: 'Who takes the money.',
  values: {
    SANDBOX: {
      description:
        'Pretends to: a page where anything can be tried, without network or money. In TEST organizations only, where it is the default until there is another.',
    },
    STRIPE: { description: 'Stripe: cards, wallets, bank debits.' },
    CRYPTO: { description: 'A hosted page for stablecoins, behind an API of payment requests.' },
    ONCHAIN: {
      description: 'Straight to an address of yours on an EVM chain, one for each payment.',
    },
    MANUAL: { description: 'A transfer; an operator says when it is there.' },
  },
});

export const PaymentProvider = builder.prismaObject('PaymentProvider', {
  description: 'Somebody who takes money for the organization.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description:
        'A TypeID: `payprov_01h455vb4pex5vsknk084sn02q`. Webhooks may be sent to `/webhooks/` and it.',
      resolve: (provider) => toTypeId('paymentProvider', provider.id),
    }),
    code: t.exposeString('code', { description: 'Your name for it: `stripe`.' }),
    kind: t.expose('kind', { type: PaymentProviderKind, description: 'Who it is.' }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'Whether it is asked where none is named.',
    }),
    enabled: t.boolean({
      description: 'Whether it is asked for anything new.',
      resolve: ({ disabledAt }) => disabledAt === null,
    }),
    webhookPath: t.string({
      description: 'Where it shall send its webhooks, on this server: `/webhooks/payprov_...`.',
      resolve: ({ id }) => `/webhooks/${toTypeId('paymentProvider', id)}`,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

registerNode('paymentProvider', PaymentProvider, (context, id) =>
  context.services.payments.readProvider(viewerOf(context), id),
);

builder.queryField('paymentProviders', (t) =>
  t.prismaConnection(
    {
      type: PaymentProvider,
      cursor: 'id',
      description: 'The payment providers of the organization, oldest first.',
      authScopes: { can: 'provider:read' },
      resolve: (query, _root, _args, context) =>
        context.services.payments.listProviders(
          viewerOf(context),
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of payment providers.' },
    { description: 'A payment provider and its place in the list.' },
  ),
);
