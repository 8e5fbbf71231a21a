import { MAX_DAYS, MAX_TOP_CUSTOMERS } from '../src/simulation/read-input.ts';
import {
  type AssetTotal,
  type CustomerTotal,
  MAX_EXAMPLES,
  type Unrated,
  type UnratedExample,
} from '../src/simulation/report.ts';
import { MAX_EVENTS, type Simulation as SimulationShape } from '../src/simulation/service.ts';
import type { Line } from '../src/simulation/tally.ts';
import { Asset } from './asset.ts';
import { BillableMetric } from './billable-metric.ts';
import { builder } from './builder.ts';
import { Customer, CustomerRef } from './customer.ts';
import { factsOf } from './error-facts.ts';
import { ErrorCode, ErrorInterface, resultOf } from './errors.ts';
import { found } from './found.ts';
import { PlanVersion } from './plan-version.ts';
import { viewerOf } from './scopes.ts';
import { UsageEvent } from './usage.ts';

type Types = (typeof builder)['$inferSchemaTypes'];

interface Compared {
  readonly actual: bigint;
  readonly simulated: bigint;
}

/** What was, what would have been, and how far they are apart. */
function comparison<Row extends Compared>(t: PothosSchemaTypes.ObjectFieldBuilder<Types, Row>) {
  return {
    actual: t.field({
      type: 'Decimal',
      description:
        'What was charged for usage that occurred in the span, less what `correctUsage` gave back for it and what was given back when periods ended in it.',
      resolve: ({ actual }) => actual,
    }),
    simulated: t.field({
      type: 'Decimal',
      description: 'What it would have cost.',
      resolve: ({ simulated }) => simulated,
    }),
    difference: t.field({
      type: 'Decimal',
      description:
        '`simulated` less `actual`: above zero when it would have cost more. Exact, of either sign.',
      resolve: ({ actual, simulated }) => simulated - actual,
    }),
  };
}

const SimulatedMetric = builder.objectRef<Line>('SimulatedMetric').implement({
  description: 'What usage of a metric cost in an asset, and what it would have cost.',
  fields: (t) => ({
    metric: t.field({
      type: BillableMetric,
      description: 'The metric.',
      resolve: ({ metricId }, _args, context) => context.loaders().metrics.load(metricId),
    }),
    quantity: t.expose('quantity', {
      type: 'Decimal',
      description:
        'What the simulated charges in this asset count, in units of the metric; `0` when it would be charged in another.',
    }),
    ...comparison(t),
  }),
});

const SimulatedCustomer = builder.objectRef<CustomerTotal>('SimulatedCustomer').implement({
  description: 'What the usage of a customer cost in an asset, and what it would have cost.',
  fields: (t) => ({
    customer: t.field({
      type: Customer,
      description: 'The customer.',
      authScopes: { can: 'customer:read' },
      resolve: async ({ customerId }, _args, context) =>
        found(await context.loaders().customers.load(customerId)) as never,
    }),
    ...comparison(t),
  }),
});

const SimulatedTotal = builder.objectRef<AssetTotal>('SimulatedTotal').implement({
  description: 'What usage cost in one asset, and what it would have cost.',
  fields: (t) => ({
    asset: t.field({
      type: Asset,
      description: 'What the amounts count.',
      resolve: ({ assetId }, _args, context) => context.loaders().assets.load(assetId),
    }),
    ...comparison(t),
    metrics: t.field({
      type: [SimulatedMetric],
      extensions: { rows: 100 },
      description: 'The same by metric, in the order in which they were created.',
      resolve: ({ metrics }) => [...metrics],
    }),
    customers: t.field({
      type: [SimulatedCustomer],
      extensions: { rows: MAX_TOP_CUSTOMERS },
      description:
        'The same of those customers whose difference is largest, up or down: `topCustomers` of them at the most.',
      resolve: ({ customers }) => [...customers],
    }),
    customersLeftOut: t.exposeInt('customersLeftOut', {
      description: 'How many customers there are besides these.',
    }),
  }),
});

const UnratedUsageExample = builder.objectRef<UnratedExample>('UnratedUsageExample').implement({
  description: 'An event that could not be rated.',
  fields: (t) => ({
    usageEvent: t.field({
      type: UsageEvent,
      description: 'The event.',
      resolve: async ({ usageEventId }, _args, context) =>
        found(await context.loaders().usageEvents.load(usageEventId)) as never,
    }),
    error: t.field({
      type: ErrorInterface,
      description: 'Why, as `recordUsage` would say it.',
      resolve: ({ refusal }) => refusal,
    }),
  }),
});

const UnratedUsage = builder.objectRef<Unrated>('UnratedUsage').implement({
  description:
    'Events that could not be rated for one reason. On this plan they would have been refused; what they cost is in `actual`, and nothing of them is in `simulated`.',
  fields: (t) => ({
    reason: t.field({
      type: ErrorCode,
      description: 'Why: `PRICE_NOT_FOUND`, `EVENT_TYPE_UNKNOWN`, `VALIDATION_FAILED` ...',
      resolve: ({ reason, examples: [example] }) => {
        if (!example) throw new Error(`Nothing was refused as ${reason}.`);
        return factsOf(example.refusal).code(example.refusal);
      },
    }),
    events: t.exposeInt('events', { description: 'How many.' }),
    examples: t.field({
      type: [UnratedUsageExample],
      extensions: { rows: MAX_EXAMPLES },
      description: `The first of each kind (metric and dimensions, or property), ${MAX_EXAMPLES} at the most.`,
      resolve: ({ examples }) => [...examples],
    }),
  }),
});

const Simulation = builder.objectRef<SimulationShape>('Simulation').implement({
  description:
    'What past usage would have cost if everybody had been on a version of a plan. Usage only: fees, seats, minimums and included credits are not in it.',
  fields: (t) => ({
    planVersion: t.prismaField({
      type: PlanVersion,
      description: 'The version that it was rated by.',
      authScopes: { can: 'catalog:read' },
      resolve: async (query, { planVersionId }, _args, context) => {
        const { plans } = context.services.catalog;
        return found(await plans.readPlanVersion(viewerOf(context), planVersionId, query));
      },
    }),
    from: t.field({
      type: 'DateTime',
      description: 'Usage that occurred from here on ...',
      resolve: ({ span }) => span.start,
    }),
    to: t.field({
      type: 'DateTime',
      description: '... up to, but without, here.',
      resolve: ({ span }) => span.end,
    }),
    countedFrom: t.expose('countedFrom', {
      type: 'DateTime',
      description:
        'Usage from here on moved the counters, so that tiers and included quantities stand at `from` where they would have: the earliest beginning of a period that `from` lies in. The same as `from` where no price depends on what was used before.',
    }),
    asOf: t.expose('asOf', {
      type: 'DateTime',
      description: 'Everything that was committed by then was read.',
    }),
    events: t.exposeInt('events', {
      description:
        'How many events of the span were rated, also those that cost nothing. Not those that were taken back, and not those in `unrated`.',
    }),
    unrated: t.field({
      type: [UnratedUsage],
      description: 'Events of the span that could not be rated, by reason; empty when all could.',
      resolve: ({ unrated }) => [...unrated],
    }),
    totals: t.field({
      type: [SimulatedTotal],
      description:
        'What it came to and would have, by asset, in the order in which they were created; empty when there was no usage.',
      resolve: ({ totals }) => [...totals],
    }),
  }),
});

const SimulateInput = builder.inputType('SimulateInput', {
  description: 'Which usage to rate again, and by what.',
  fields: (t) => ({
    plan: t.string({
      required: true,
      description:
        'The code or TypeID of a plan, for its draft and without one for its version published last, or the TypeID of one of its versions. A draft must be one that could be published.',
    }),
    customer: t.field({
      type: CustomerRef,
      description: 'Whose usage; that of every customer when left out.',
    }),
    from: t.field({
      type: 'DateTime',
      required: true,
      description: `Usage that occurred from here on, RFC 3339; at most ${MAX_DAYS} days before \`to\`.`,
    }),
    to: t.field({
      type: 'DateTime',
      description:
        'Up to, but without, here; now when left out. Not in the future, nor in that of the test clock that is furthest ahead.',
    }),
    topCustomers: t.int({
      description: `How many customers to name for each asset: 0 to ${MAX_TOP_CUSTOMERS}; 10 when left out.`,
    }),
  }),
});

builder.queryField('simulate', (t) =>
  t.field({
    type: resultOf('SimulateResult', Simulation, ['Invalid', 'NotFound', 'Overloaded']),
    description: `Rates past usage again as if every customer had been on a version of a plan, also one that is still a draft, and compares it with what was charged: see "What would it have cost?" in docs/pricing.md. Nothing is written, and charges go on meanwhile. Reads ${MAX_EVENTS.toLocaleString('en')} events at the most, counted from \`countedFrom\`; more are a ValidationError. A process runs one at a time; while it does, others are an OverloadedError. For keys of the organization: a customer token is told that there is no such plan.`,
    authScopes: { can: 'usage:read' },
    args: { input: t.arg({ type: SimulateInput, required: true, description: 'What.' }) },
    resolve: (_root, { input }, context) =>
      context.services.simulations.simulate(viewerOf(context), input),
  }),
);
