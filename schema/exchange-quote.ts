import type { ExchangeQuote as ExchangeQuoteShape } from '../src/catalog/exchange/find-quote.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { ExchangeRateNotFoundError, resultOf } from './errors.ts';
import { ExchangeRate } from './exchange-rate.ts';
import { viewerOf } from './scopes.ts';

const ExchangePurpose = builder.enumType('ExchangePurpose', {
  description: 'Which of the two rates of a pair applies.',
  values: {
    SPEND: { description: '`spendRate`: what an amount counts for when it is spent.' },
    TOP_UP: {
      description:
        '`topUpRate`: what an amount that is paid brings, or what one that is bought costs.',
    },
  },
});

const ExchangeRounding = builder.enumType('ExchangeRounding', {
  description: 'Which way rounding went.',
  values: {
    NONE: { description: 'The product could be kept as it was.' },
    UP: { description: 'To more than the product.' },
    DOWN: { description: 'To less than the product.' },
  },
});

const ExchangeQuote = builder.objectRef<ExchangeQuoteShape>('ExchangeQuote').implement({
  description: 'What an amount of one asset is worth in another, and by which rate.',
  fields: (t) => ({
    from: t.field({
      type: Asset,
      description: 'What `amount` counts.',
      resolve: (quote, _args, context) => context.loaders().assets.load(quote.fromAssetId),
    }),
    to: t.field({
      type: Asset,
      description: 'What `worth` counts.',
      resolve: (quote, _args, context) => context.loaders().assets.load(quote.toAssetId),
    }),
    purpose: t.expose('purpose', { type: ExchangePurpose, description: 'What it was asked for.' }),
    amount: t.expose('amount', { type: 'Decimal', description: 'What was given, in `from`.' }),
    worth: t.expose('worth', {
      type: 'Decimal',
      description:
        'What it is worth, in `to`: `amount` times `rate`, rounded once, half-even, to `places`.',
    }),
    places: t.exposeInt('places', {
      description:
        'Decimal places that `worth` was rounded to: the scale of `to`, or its minor units where it is a currency and the purpose is TOP_UP.',
    }),
    rounding: t.expose('rounding', {
      type: ExchangeRounding,
      description: 'Which way `worth` was rounded.',
    }),
    rate: t.expose('rate', { type: 'Decimal', description: 'What 1 `from` is worth in `to`.' }),
    exchangeRate: t.field({
      type: ExchangeRate,
      description: 'What says so.',
      resolve: (quote, _args, context) =>
        context.loaders().exchangeRates.load(quote.exchangeRateId),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it is worth so much.' }),
    effectiveAt: t.expose('effectiveAt', {
      type: 'DateTime',
      description: 'Since when the rate is in force.',
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the next rate of the pair for this purpose begins, as far as is known; null when none is. One that is created later may begin before.',
    }),
  }),
});

builder.objectFields(ExchangeRateNotFoundError, (t) => ({
  from: t.field({
    type: Asset,
    description: 'What was given.',
    resolve: (refusal, _args, context) => context.loaders().assets.load(refusal.fromAssetId),
  }),
  to: t.field({
    type: Asset,
    description: 'In what it was asked for.',
    resolve: (refusal, _args, context) => context.loaders().assets.load(refusal.toAssetId),
  }),
  purpose: t.expose('purpose', { type: ExchangePurpose, description: 'What it was asked for.' }),
  at: t.expose('at', { type: 'DateTime', description: 'When no rate is in force.' }),
}));

const QuoteExchangeInput = builder.inputType('QuoteExchangeInput', {
  description: 'An amount of one asset, to be expressed in another.',
  fields: (t) => ({
    from: t.string({ required: true, description: 'What `amount` counts, by code or id.' }),
    to: t.string({ required: true, description: 'In what it is asked for, by code or id.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description:
        '0 or more, with no more decimal places than `from` keeps; at a TOP_UP than a currency is paid in.',
    }),
    purpose: t.field({
      type: ExchangePurpose,
      required: true,
      description: 'Which of the two rates.',
    }),
    at: t.field({
      type: 'DateTime',
      description: 'By the rate that is in force then; now by the server when left out.',
    }),
  }),
});

builder.queryField('quoteExchange', (t) =>
  t.field({
    type: resultOf('QuoteExchangeResult', ExchangeQuote, [
      'Invalid',
      'NotFound',
      'ExchangeRateNotFound',
    ]),
    description:
      'What an amount is worth in another asset, by the rate of exactly this pair: none is turned round, and no third asset stands between. Nothing is reserved or written.',
    authScopes: { can: 'catalog:read' },
    args: {
      input: t.arg({ type: QuoteExchangeInput, required: true, description: 'What is asked.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.exchange.quoteExchange(viewerOf(context), input),
  }),
);
