import type { CatalogApplied } from '../src/catalog/as-code/apply.ts';
import type {
  CatalogChange as CatalogChangeShape,
  CatalogName as CatalogNameShape,
} from '../src/catalog/as-code/change.ts';
import { CreateAssetInput } from './asset.ts';
import { CreateBillableMetricInput } from './billable-metric.ts';
import { builder } from './builder.ts';
import { SaveCreditPackInput } from './credit-pack-mutations.ts';
import { DocumentChange } from './document-change.ts';
import { resultOf } from './errors.ts';
import { CatalogExchangeRateInput } from './exchange-rate.ts';
import { CreateFeatureInput } from './feature.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { PlanPriceInput } from './plan-input.ts';
import { SavePlanDraftInput } from './plan-mutations.ts';
import { viewerOf } from './scopes.ts';

/** As many as a call takes. */
const MANY_ROWS = 2_000;

const CatalogNoun = builder.enumType('CatalogNoun', {
  description: 'What a catalogue consists of.',
  values: {
    ASSET: { description: 'An asset.' },
    EXCHANGE_RATE: { description: 'An exchange rate.' },
    METRIC: { description: 'A billable metric.' },
    FEATURE: { description: 'A feature.' },
    PRICE: { description: 'A rate of the card `default`.' },
    PACK: { description: 'A credit pack.' },
    PLAN: { description: 'A plan.' },
  },
});

const CatalogAction = builder.enumType('CatalogAction', {
  description: 'What becomes of something in a catalogue.',
  values: {
    CREATE: { description: 'It was not there.' },
    CHANGE: { description: 'It said something else. A plan is changed in its draft.' },
    PUBLISH: { description: 'The draft of a plan becomes its newest version.' },
  },
});

const NAME =
  'Its code; of a price `images CREDIT {"size":"large"}`, of an exchange rate `CREDIT USD 2026-01-01T00:00:00.000Z`.';

const CatalogName = builder.objectRef<CatalogNameShape>('CatalogName').implement({
  description: 'Something in a catalogue, as people call it.',
  fields: (t) => ({
    noun: t.expose('noun', { type: CatalogNoun, description: 'What it is.' }),
    name: t.exposeString('name', { description: NAME }),
  }),
});

const CatalogChange = builder.objectRef<CatalogChangeShape>('CatalogChange').implement({
  description: 'What an applied document changes.',
  fields: (t) => ({
    noun: t.expose('noun', { type: CatalogNoun, description: 'What it is.' }),
    name: t.exposeString('name', { description: NAME }),
    action: t.expose('action', { type: CatalogAction, description: 'What becomes of it.' }),
    differences: t.field({
      type: [DocumentChange],
      description: 'Of a CHANGE, place by place; empty for the others.',
      resolve: (change) => [...change.differences],
    }),
  }),
});

const ApplyCatalogInput = builder.inputType('ApplyCatalogInput', {
  description:
    'What a catalogue shall consist of. One thing may name another of the same document. What is there and not named stays as it is.',
  fields: (t) => ({
    assets: t.field({ type: [CreateAssetInput], description: 'Assets, at most 100.' }),
    exchangeRates: t.field({
      type: [CatalogExchangeRateInput],
      description: 'Exchange rates, at most 300.',
    }),
    metrics: t.field({ type: [CreateBillableMetricInput], description: 'Metrics, at most 300.' }),
    features: t.field({ type: [CreateFeatureInput], description: 'Features, at most 300.' }),
    prices: t.field({
      type: [PlanPriceInput],
      description: 'Rates of the card `default`, at most 2000: they change from now on.',
    }),
    packs: t.field({ type: [SaveCreditPackInput], description: 'Credit packs, at most 100.' }),
    plans: t.field({
      type: [SavePlanDraftInput],
      description: 'Plans, at most 100: as drafts, unless `publish`.',
    }),
    publish: t.boolean({
      description: 'True publishes the drafts of the plans that are named; false when left out.',
    }),
    dryRun: t.boolean({
      description:
        'True does everything and takes it back: the answer, or the refusal, is what it would be. Its idempotency key is ignored.',
    }),
    idempotencyKey: t.string({ description: `${IDEMPOTENCY_KEY} The single items take none.` }),
  }),
});

const ApplyCatalogPayload = builder.objectRef<CatalogApplied>('ApplyCatalogPayload').implement({
  description: 'What was changed, or would be by a dry run.',
  fields: (t) => ({
    changes: t.field({
      type: [CatalogChange],
      extensions: { rows: MANY_ROWS },
      description: 'In the order of the document; empty when it was so already.',
      resolve: (applied) => [...applied.changes],
    }),
    missing: t.field({
      type: [CatalogName],
      extensions: { rows: MANY_ROWS },
      description:
        'What is there but not named, in the sections that the document has; of prices those of the same metrics. It stays as it is.',
      resolve: (applied) => [...applied.missing],
    }),
    written: t.exposeBoolean('written', {
      description: 'False for a dry run, and when nothing differed.',
    }),
  }),
});

builder.mutationField('applyCatalog', (t) =>
  t.field({
    type: resultOf('ApplyCatalogResult', ApplyCatalogPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Makes the catalogue what a document says, in one transaction: all of it, or nothing when any of it is refused. Applying it again changes nothing. Conflict: an asset, a metric, a feature or an exchange rate of the same instant is there with another definition, or something is archived.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: ApplyCatalogInput, required: true, description: 'The document.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.applyCatalog(viewerOf(context), input),
  }),
);

builder.queryField('catalogDocument', (t) =>
  t.field({
    type: 'JSON',
    description:
      'The catalogue as one document, which `applyCatalog` takes: assets, exchange rates in force and those that begin later, metrics, features, the rates of the card `default` in force now, credit packs, and plans with their drafts or what was published last. Without what is archived, and without what would be filled in anyway: `{"assets": [{"code": "USD"}], ...}`.',
    authScopes: { can: 'catalog:read' },
    resolve: (_root, _args, context) =>
      context.services.catalog.readCatalogDocument(viewerOf(context)),
  }),
);
