import type { RateChange as RateChangeShape } from '../src/catalog/diff-rates.ts';
import type { RatesImported } from '../src/catalog/import-rates.ts';
import { MAX_IMPORTED_RATES } from '../src/catalog/rate-import.ts';
import type { StoredTerms } from '../src/catalog/stored-terms.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { termsInputs } from './rate-inputs.ts';
import { PricingModel, RateTerms } from './rate-terms.ts';
import { viewerOf } from './scopes.ts';

const RateAmount = builder.objectRef<StoredTerms>('RateAmount').implement({
  description: 'What a number of units cost.',
  fields: (t) => ({
    model: t.expose('model', { type: PricingModel, description: 'How it prices.' }),
    unitAmount: t.expose('unitAmount', {
      type: 'Decimal',
      nullable: true,
      description:
        'PER_UNIT: what `packageSize` units cost: `0.0000025`. Null for the other models.',
    }),
    packageSize: t.expose('packageSize', {
      type: 'Decimal',
      description: 'Units sold together; 1 for a price per unit.',
    }),
    terms: t.expose('terms', {
      type: RateTerms,
      nullable: true,
      description: 'What the other models go by; null for PER_UNIT.',
    }),
  }),
});

const RateChange = builder.objectRef<RateChangeShape>('RateChange').implement({
  description: 'One line of the difference between a rate card and an import.',
  fields: (t) => ({
    metric: t.exposeString('metric', { description: 'The code of the metric.' }),
    dimensions: t.expose('dimensions', {
      type: 'JSON',
      description: 'The event properties it is for: `{"model": "gpt-4o"}`.',
    }),
    before: t.expose('before', {
      type: RateAmount,
      nullable: true,
      description: 'In force on the card until now; null when nothing covered the dimensions.',
    }),
    after: t.expose('after', {
      type: RateAmount,
      nullable: true,
      description: 'What the import says; null when it does not name the dimensions.',
    }),
  }),
});

const ImportRateInput = builder.inputType('ImportRateInput', {
  description: 'One rate of an import.',
  fields: (t) => ({
    metric: t.string({ required: true, description: 'The code or the id of the metric.' }),
    dimensions: t.field({
      type: 'JSON',
      description: 'As in `createPrice`: `{"model": "gpt-4o"}`.',
    }),
    ...termsInputs(t),
  }),
});

const ImportRatesInput = builder.inputType('ImportRatesInput', {
  description: 'Many rates of one card in one asset.',
  fields: (t) => ({
    asset: t.string({
      required: true,
      description: 'The code or the id of the asset they are charged in.',
    }),
    rateCard: t.string({
      description:
        'The code or the id of the card; `default` when left out. A new code makes a card, which prices nothing yet.',
    }),
    rates: t.field({
      type: [ImportRateInput],
      required: true,
      description: 'The rates, 1 to 2000; each metric and dimensions once.',
    }),
    dryRun: t.boolean({
      description: 'True compares only, and writes nothing. Its idempotency key is ignored.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const ImportRatesPayload = builder.objectRef<RatesImported>('ImportRatesPayload').implement({
  description: 'How the import differs from what was in force on the card.',
  fields: (t) => ({
    added: t.field({
      type: [RateChange],
      extensions: { rows: MAX_IMPORTED_RATES },
      description: 'Usage that nothing covered; covered from the beginning of time.',
      resolve: (diff) => [...diff.added],
    }),
    changed: t.field({
      type: [RateChange],
      extensions: { rows: MAX_IMPORTED_RATES },
      description: 'Usage that costs another amount from now on. What was charged stays charged.',
      resolve: (diff) => [...diff.changed],
    }),
    unchanged: t.exposeInt('unchanged', { description: 'How many rates agree already.' }),
    missing: t.field({
      type: [RateChange],
      extensions: { rows: MAX_IMPORTED_RATES },
      description:
        'In force on the card for the same metrics, but not in the import. They stay in force.',
      resolve: (diff) => [...diff.missing],
    }),
    written: t.exposeBoolean('written', {
      description: 'False for a dry run, and when nothing differed.',
    }),
  }),
});

builder.mutationField('importRates', (t) =>
  t.field({
    type: resultOf('ImportRatesResult', ImportRatesPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Makes a rate card agree with a list of rates, in one transaction, and says what differed. Importing the same list again changes nothing. Conflict: the card belongs to a published version of a plan or to a subscription, and never changes.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: ImportRatesInput, required: true, description: 'The rates.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.importRates(viewerOf(context), input),
  }),
);
