import { inOrganization } from '../src/access/viewer.ts';
import { type PackStep, storedPack } from '../src/catalog/packs/definition.ts';
import type { PackQuote as PackQuoteShape } from '../src/catalog/packs/quote.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { badUserInput } from './faults.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

const CreditPackStep = builder.objectRef<PackStep>('CreditPackStep').implement({
  description: 'A percentage from so many packs on. The last one that is reached holds for all.',
  fields: (t) => ({
    quantity: t.exposeInt('quantity', { description: 'From so many packs on.' }),
    percent: t.expose('percent', { type: 'Decimal', description: '`10` is 10 %.' }),
  }),
});

const CreditPackQuote = builder.objectRef<PackQuoteShape>('CreditPackQuote').implement({
  description: 'What a number of packs costs, and what it brings.',
  fields: (t) => ({
    quantity: t.exposeInt('quantity', { description: 'How many packs.' }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'Credits that are paid for, in the asset.',
    }),
    bonus: t.expose('bonus', {
      type: 'Decimal',
      description: 'Credits on top of them, rounded half-even to the scale of the asset.',
    }),
    listPrice: t.expose('listPrice', {
      type: 'Decimal',
      description: 'Without the discount, in the asset of the price.',
    }),
    discountPercent: t.expose('discountPercent', {
      type: 'Decimal',
      description: 'What is taken off, `0` for nothing.',
    }),
    price: t.expose('price', {
      type: 'Decimal',
      description: 'What is to be paid, rounded half-even to what its asset is paid in: cents.',
    }),
  }),
});

export const CreditPack = builder.prismaObject('CreditPack', {
  description: 'Credits that are sold at once, by the piece.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `pack_01h455vb4pex5vsknk084sn02q`.',
      resolve: (pack) => toTypeId('creditPack', pack.id),
    }),
    code: t.exposeString('code', {
      description: 'Your name for it, unique in the organization: `credits_1000`.',
    }),
    name: t.exposeString('name', { description: 'What people call it: `1,000 credits`.' }),
    asset: t.string({
      description: 'The code of what is bought.',
      resolve: ({ definition }) => storedPack(definition).asset,
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'How much of it one pack has.',
      resolve: ({ definition }) => storedPack(definition).amount,
    }),
    priceAsset: t.string({
      description: 'The code of what it is paid in.',
      resolve: ({ definition }) => storedPack(definition).priceAsset,
    }),
    price: t.field({
      type: 'Decimal',
      description: 'What one pack costs.',
      resolve: ({ definition }) => storedPack(definition).price,
    }),
    maxQuantity: t.int({
      description: 'The most that is sold at once.',
      resolve: ({ definition }) => storedPack(definition).maxQuantity,
    }),
    discounts: t.field({
      type: [CreditPackStep],
      description: 'What is taken off the price, by how many are bought.',
      resolve: ({ definition }) => [...storedPack(definition).discounts],
    }),
    bonuses: t.field({
      type: [CreditPackStep],
      description: 'What is added to the credits, by how many are bought.',
      resolve: ({ definition }) => [...storedPack(definition).bonuses],
    }),
    expiresAfterDays: t.int({
      nullable: true,
      description: 'When the credits expire: so many days after they were bought; null: never.',
      resolve: ({ definition }) => storedPack(definition).expiresAfterDays,
    }),
    quote: t.field({
      type: CreditPackQuote,
      description:
        'What so many cost now, and bring. Less than 1 or more than `maxQuantity` is a BAD_USER_INPUT error.',
      args: { quantity: t.arg.int({ required: true, description: 'How many packs.' }) },
      resolve: async (pack, { quantity }, context) => {
        const { packs } = context.services.catalog;
        const quote = await packs.quotePack(viewerOf(context), pack, quantity);
        if ('refusal' in quote) throw badUserInput(quote);
        return quote;
      },
    }),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is not sold; null while it is.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

registerNode('creditPack', CreditPack, (context, id) =>
  context.services.catalog.packs.readPack(viewerOf(context), id),
);

builder.queryField('creditPack', (t) =>
  t.prismaField({
    type: CreditPack,
    nullable: true,
    description: 'One pack; null when the organization has none of that name.',
    authScopes: { can: 'catalog:read' },
    args: {
      pack: t.arg.string({ required: true, description: 'Its code (`credits_1000`) or its id.' }),
    },
    resolve: (query, _root, { pack }, context) =>
      context.services.catalog.packs.findPack(viewerOf(context), pack, query),
  }),
);

builder.queryField('creditPacks', (t) =>
  t.prismaConnection(
    {
      type: CreditPack,
      cursor: 'id',
      description: 'The packs of the organization, oldest first.',
      authScopes: { can: 'catalog:read' },
      args: {
        archived: t.arg.boolean({ description: 'True: also those that are archived.' }),
      },
      totalCount: (_root, args, context) =>
        context.services.catalog.packs.countPacks(viewerOf(context), args),
      resolve: (query, _root, args, context) =>
        context.services.catalog.packs.listPacks(
          viewerOf(context),
          args,
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of packs.' },
    { description: 'A pack and its place in the list.' },
  ),
);
