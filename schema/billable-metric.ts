import { inOrganization } from '../src/access/viewer.ts';
import type { StoredConversion } from '../src/catalog/conversion.ts';
import type { MetricCreated } from '../src/catalog/create-billable-metric.ts';
import { toTypeId } from '../src/kit/ids.ts';
import type { Condition } from '../src/rating/price-book.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { Node, registerNode } from './node.ts';
import { PropertyFilter, PropertyFilterInput } from './property-filter.ts';
import { viewerOf } from './scopes.ts';
import { UnitConversion, UnitConversionInput } from './unit-conversion.ts';

export const Aggregation = builder.enumType('Aggregation', {
  description:
    'How events become a quantity. A period is that of the subscription whose plan has the price, otherwise the calendar month in UTC.',
  values: {
    COUNT: { description: 'Each event counts 1.' },
    SUM: { description: 'Each event counts the value of its `property`; one without it counts 0.' },
    MAX: {
      description:
        'The largest value of `property` in a period: an event counts by how much it raises it.',
    },
    UNIQUE: {
      description:
        'The distinct values of `property` in a period: the first event with a value counts 1.',
    },
    LATEST: {
      description:
        'The value of `property` that occurred last in a period: an event counts the difference.',
    },
    TIME_WEIGHTED_SUM: {
      description:
        'The value of `property` times the hours for which it holds, until the next one or the end of the period. It is counted ahead, as if it stayed; a later event counts the difference.',
    },
  },
});

export const BillableMetric = builder.prismaObject('BillableMetric', {
  description: 'Which events count, and what is counted of them.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `metric_01h455vb4pex5vsknk084sn02q`.',
      resolve: (metric) => toTypeId('metric', metric.id),
    }),
    code: t.exposeString('code', {
      description: 'Your name for it, unique in the organization: `llm_input_tokens`.',
    }),
    name: t.exposeString('name', { description: 'What people call it: `Input tokens`.' }),
    eventType: t.exposeString('eventType', {
      description: 'Events of this type count: `llm.request`.',
    }),
    aggregation: t.expose('aggregation', {
      type: Aggregation,
      description: 'How events become a quantity.',
    }),
    property: t.exposeString('property', {
      nullable: true,
      description: 'The event property that it goes by: `input_tokens`. Null for COUNT.',
    }),
    filter: t.field({
      type: [PropertyFilter],
      description: 'Conditions that must all hold; empty counts every event of the type.',
      resolve: (metric) => metric.filter as unknown as Condition[],
    }),
    conversion: t.field({
      type: UnitConversion,
      nullable: true,
      description: 'What makes units of each value; null leaves it as it is.',
      resolve: (metric) => metric.conversion as unknown as StoredConversion | null,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('metric', BillableMetric, (context, id) =>
  context.services.catalog.readMetric(viewerOf(context), id),
);

export const CreateBillableMetricInput = builder.inputType('CreateBillableMetricInput', {
  description: 'A new metric. Creating it again with the same definition answers the first one.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description: 'A letter, then up to 63 letters, digits or any of `_ . : -`: `api_calls`.',
    }),
    name: t.string({ description: 'At most 255 characters; the code when left out.' }),
    eventType: t.string({
      required: true,
      description: 'Events of this type count: `llm.request`. At most 128 characters.',
    }),
    aggregation: t.field({
      type: Aggregation,
      required: true,
      description: 'How events become a quantity.',
    }),
    property: t.string({
      description:
        'Not allowed for COUNT and required for the others: the event property that it goes by.',
    }),
    filter: t.field({
      type: [PropertyFilterInput],
      description: 'Conditions that must all hold, at most 10; every event counts when left out.',
    }),
    conversion: t.field({
      type: UnitConversionInput,
      description:
        'What makes units of the value of each event; not for UNIQUE. It is counted as it is when left out.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const CreateBillableMetricPayload = builder
  .objectRef<MetricCreated>('CreateBillableMetricPayload')
  .implement({
    description: 'The metric.',
    fields: (t) => ({
      metric: t.prismaField({
        type: BillableMetric,
        description: 'The new metric, or the one that was there.',
        resolve: async (query, { metricId }, _args, context) =>
          found(await context.services.catalog.readMetric(viewerOf(context), metricId, query)),
      }),
      created: t.exposeBoolean('created', {
        description: 'False when a metric of the same definition was there already.',
      }),
    }),
  });

builder.mutationField('createBillableMetric', (t) =>
  t.field({
    type: resultOf('CreateBillableMetricResult', CreateBillableMetricPayload, [
      'Invalid',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Creates a metric. From then on events of its type that it counts need a price. Conflict: the code is taken by a metric of another definition.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: CreateBillableMetricInput, required: true, description: 'The metric.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.createBillableMetric(viewerOf(context), input),
  }),
);

builder.queryField('billableMetric', (t) =>
  t.prismaField({
    type: BillableMetric,
    nullable: true,
    description: 'One metric; null when the organization has none of that name.',
    authScopes: { can: 'catalog:read' },
    args: {
      metric: t.arg.string({
        required: true,
        description: 'Its code (`llm_input_tokens`) or its id.',
      }),
    },
    resolve: (query, _root, { metric }, context) =>
      context.services.catalog.findMetric(viewerOf(context), metric, query),
  }),
);

builder.queryField('billableMetrics', (t) =>
  t.prismaConnection(
    {
      type: BillableMetric,
      cursor: 'id',
      description: 'The metrics of the organization, oldest first.',
      authScopes: { can: 'catalog:read' },
      args: {
        eventType: t.arg.string({ description: 'Only those that count events of this type.' }),
      },
      totalCount: (_root, args, context) =>
        context.services.catalog.countMetrics(viewerOf(context), args),
      resolve: (query, _root, args, context) =>
        context.services.catalog.listMetrics(
          viewerOf(context),
          args,
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of metrics.' },
    { description: 'A metric and its place in the list.' },
  ),
);
