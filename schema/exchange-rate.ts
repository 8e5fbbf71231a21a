import { inOrganization } from '../src/access/viewer.ts';
import type { ExchangeRateCreated } from '../src/catalog/exchange/create.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const ExchangeRate = builder.prismaObject('ExchangeRate', {
  description:
    'What 1 of one asset is worth in another, from an instant on: each of its two rates until a later one of the same pair says another. It is never changed, and says nothing about the other direction.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `fx_01h455vb4pex5vsknk084sn02q`.',
      resolve: (rate) => toTypeId('exchangeRate', rate.id),
    }),
    from: t.field({
      type: Asset,
      description: 'What 1 is of.',
      resolve: (rate, _args, context) => context.loaders().assets.load(rate.fromAssetId),
    }),
    to: t.field({
      type: Asset,
      description: 'What the rates count.',
      resolve: (rate, _args, context) => context.loaders().assets.load(rate.toAssetId),
    }),
    spendRate: t.expose('spendRate', {
      type: 'Decimal',
      nullable: true,
      description:
        'What 1 `from` counts for in `to` when it is spent: `0.009`, 1 CREDIT spent is 0.009 USD. Null: it stays as it was.',
    }),
    topUpRate: t.expose('topUpRate', {
      type: 'Decimal',
      nullable: true,
      description:
        'What 1 `from` stands for in `to` at a top-up: `100`, 1 USD that is paid brings 100 CREDIT. Null: it stays as it was.',
    }),
    effectiveAt: t.expose('effectiveAt', { type: 'DateTime', description: 'From here on.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('exchangeRate', ExchangeRate, (context, id) =>
  context.services.catalog.exchange.readExchangeRate(viewerOf(context), id),
);

type InputFields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0];

/** What a rate says, whoever takes it. */
const ratesInputs = (t: InputFields) => ({
  from: t.string({ required: true, description: 'What 1 is of: the code or id of an asset.' }),
  to: t.string({
    required: true,
    description: 'What the rates count: the code or id of another asset.',
  }),
  spendRate: t.field({
    type: 'Decimal',
    description:
      'What 1 `from` counts for in `to` when it is spent. Above 0, at most 12 digits before the point and 12 after it. Left out: it stays as it was.',
  }),
  topUpRate: t.field({
    type: 'Decimal',
    description: 'What 1 `from` stands for in `to` at a top-up; the same bounds.',
  }),
});

const CreateExchangeRateInput = builder.inputType('CreateExchangeRateInput', {
  description: 'What 1 of one asset is worth in another. At least one of the two rates is given.',
  fields: (t) => ({
    ...ratesInputs(t),
    effectiveAt: t.field({
      type: 'DateTime',
      description:
        'From when on, 1970 up to 2200, also ahead. Now by the server when left out; then nothing is created when what is in force says the same.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

export const CatalogExchangeRateInput = builder.inputType('CatalogExchangeRateInput', {
  description:
    'What 1 of one asset is worth in another. At least one of the two rates is given, and always the date.',
  fields: (t) => ({
    ...ratesInputs(t),
    effectiveAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'From when on, 1970 up to 2200, also ahead.',
    }),
  }),
});

const CreateExchangeRatePayload = builder
  .objectRef<ExchangeRateCreated>('CreateExchangeRatePayload')
  .implement({
    description: 'The exchange rate.',
    fields: (t) => ({
      exchangeRate: t.prismaField({
        type: ExchangeRate,
        description: 'The new rate, or the one that was there.',
        resolve: async (query, { exchangeRateId }, _args, context) => {
          const { exchange } = context.services.catalog;
          return found(await exchange.readExchangeRate(viewerOf(context), exchangeRateId, query));
        },
      }),
      created: t.exposeBoolean('created', { description: 'False when it was so already.' }),
    }),
  });

builder.mutationField('createExchangeRate', (t) =>
  t.field({
    type: resultOf('CreateExchangeRateResult', CreateExchangeRatePayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Says what one asset is worth in another, from an instant on. Conflict: the pair has other rates from the same instant on; a rate is never changed, only followed by a later one.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: CreateExchangeRateInput, required: true, description: 'The rate.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.exchange.createExchangeRate(viewerOf(context), input),
  }),
);

builder.queryField('exchangeRates', (t) =>
  t.prismaConnection(
    {
      type: ExchangeRate,
      cursor: 'id',
      description:
        'The exchange rates of the organization, past, present and yet to begin: the one that begins last first.',
      authScopes: { can: 'catalog:read' },
      args: {
        from: t.arg.string({ description: 'Only those from this asset, by code or id.' }),
        to: t.arg.string({ description: 'Only those to this asset, by code or id.' }),
      },
      totalCount: (_root, args, context) =>
        context.services.catalog.exchange.countExchangeRates(viewerOf(context), args),
      resolve: (query, _root, args, context) =>
        context.services.catalog.exchange.listExchangeRates(
          viewerOf(context),
          args,
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of exchange rates.' },
    { description: 'An exchange rate and its place in the list.' },
  ),
);
