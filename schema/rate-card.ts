import { inOrganization } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const RateCard = builder.prismaObject('RateCard', {
  description:
    'A named set of prices. The card `default` prices the usage of every customer; that of a published version of a plan the usage of its subscribers; others are kept, and price nothing yet.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `ratecard_01h455vb4pex5vsknk084sn02q`.',
      resolve: (card) => toTypeId('rateCard', card.id),
    }),
    code: t.exposeString('code', {
      description: 'Your name for it, unique in the organization: `default`.',
    }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('rateCard', RateCard, async (context, id) => {
  const viewer = viewerOf(context);
  return viewer.scopes.has('catalog:read')
    ? context.services.catalog.readRateCard(viewer, id)
    : null;
});

builder.queryField('rateCards', (t) =>
  t.prismaConnection(
    {
      type: RateCard,
      cursor: 'id',
      description: 'The rate cards of the organization, oldest first.',
      authScopes: { can: 'catalog:read' },
      totalCount: (_root, _args, context) =>
        context.services.catalog.countRateCards(viewerOf(context)),
      resolve: (query, _root, _args, context) =>
        context.services.catalog.listRateCards(
          viewerOf(context),
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of rate cards.' },
    { description: 'A rate card and its place in the list.' },
  ),
);
