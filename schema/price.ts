import { inOrganization } from '../src/access/viewer.ts';
import type { PriceCreated } from '../src/catalog/create-price.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { cursorWithinReach, withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { Rate } from './rate.ts';
import { termsInputs } from './rate-inputs.ts';
import { viewerOf } from './scopes.ts';

export const Price = builder.prismaObject('Price', {
  description:
    'One metric charged in one asset on one rate card. What it costs is said by its rates.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `price_01h455vb4pex5vsknk084sn02q`.',
      resolve: (price) => toTypeId('price', price.id),
    }),
    rateCard: t.relation('rateCard', { description: 'The card it is on.' }),
    metric: t.relation('metric', { description: 'What is charged.' }),
    asset: t.relation('asset', { description: 'What it is charged in.' }),
    rates: t.relatedConnection(
      'rates',
      {
        cursor: 'id',
        totalCount: true,
        description: 'Every rate it has or had, oldest first.',
        authScopes: { can: 'catalog:read' },
        query: (page, context) => ({
          orderBy: { id: 'asc' },
          ...cursorWithinReach('id', page, inOrganization(viewerOf(context))),
        }),
      },
      { description: 'A page of the rates of a price.' },
      { description: 'A rate and its place in the list.' },
    ),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('price', Price, async (context, id) => {
  const viewer = viewerOf(context);
  return viewer.scopes.has('catalog:read') ? context.services.catalog.readPrice(viewer, id) : null;
});

const CreatePriceInput = builder.inputType('CreatePriceInput', {
  description:
    'A rate of a price. The price (card, metric, asset) is made when it is not there yet. On the card `default` it applies to every customer.',
  fields: (t) => ({
    metric: t.string({ required: true, description: 'The code or the id of the metric.' }),
    asset: t.string({
      required: true,
      description: 'The code or the id of the asset it is charged in.',
    }),
    ...termsInputs(t),
    dimensions: t.field({
      type: 'JSON',
      description:
        'The event properties it is for, at most 10: `{"model": "gpt-4o", "region": "eu"}`. Values are strings; `*` or an absent name matches every value.',
    }),
    effectiveFrom: t.field({
      type: 'DateTime',
      description:
        'For usage that occurred from here on. When left out: the first rate of its dimensions holds from the beginning of time, a later one from now.',
    }),
    rateCard: t.string({
      description:
        'The code or the id of the card; `default` when left out. A new code makes a card, which prices nothing yet.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const CreatePricePayload = builder.objectRef<PriceCreated>('CreatePricePayload').implement({
  description: 'The price and its rate.',
  fields: (t) => ({
    price: t.prismaField({
      type: Price,
      description: 'The price of the metric in the asset on the card.',
      resolve: async (query, { priceId }, _args, context) =>
        found(await context.services.catalog.readPrice(viewerOf(context), priceId, query)),
    }),
    rate: t.prismaField({
      type: Rate,
      description: 'The new rate, or the one that was there.',
      resolve: async (query, { rateId }, _args, context) =>
        found(await context.services.catalog.readRate(viewerOf(context), rateId, query)),
    }),
    created: t.exposeBoolean('created', {
      description: 'False when the price had this rate already.',
    }),
  }),
});

builder.mutationField('createPrice', (t) =>
  t.field({
    type: resultOf('CreatePriceResult', CreatePricePayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Gives a price a rate. Conflict: the dimensions have another amount from the same instant on; a rate is never changed.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: CreatePriceInput, required: true, description: 'The rate.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.createPrice(viewerOf(context), input),
  }),
);

builder.queryField('prices', (t) =>
  t.prismaConnection(
    {
      type: Price,
      cursor: 'id',
      description: 'The prices of the organization, oldest first.',
      authScopes: { can: 'catalog:read' },
      args: {
        metric: t.arg.string({ description: 'Only those of this metric, by code or id.' }),
        rateCard: t.arg.string({ description: 'Only those on this card, by code or id.' }),
      },
      totalCount: (_root, args, context) =>
        context.services.catalog.countPrices(viewerOf(context), args),
      resolve: (query, _root, args, context) =>
        context.services.catalog.listPrices(
          viewerOf(context),
          args,
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of prices.' },
    { description: 'A price and its place in the list.' },
  ),
);
