import type { StoredDetails } from '../src/catalog/stored-terms.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { badUserInput } from './faults.ts';
import { Node, registerNode } from './node.ts';
import { PricingModel, RateTerms } from './rate-terms.ts';
import { viewerOf } from './scopes.ts';

export const Rate = builder.prismaObject('Rate', {
  description:
    'Dated terms of a price for the dimension values it names. It is never changed, only followed by a later one. Of the rates that match an event and were in force when it occurred, the one that names the most dimensions applies; between equals the one whose dimension names come first in the alphabet; of its dates the latest.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `rate_01h455vb4pex5vsknk084sn02q`.',
      resolve: (rate) => toTypeId('rate', rate.id),
    }),
    price: t.relation('price', { description: 'The price it is a rate of.' }),
    dimensions: t.field({
      type: 'JSON',
      description:
        'The event properties it is for: `{"model": "gpt-4o"}`. One that is absent matches every value.',
      resolve: (rate) => rate.dimensions,
    }),
    model: t.expose('model', { type: PricingModel, description: 'How it prices.' }),
    unitAmount: t.expose('unitAmount', {
      type: 'Decimal',
      nullable: true,
      description:
        "PER_UNIT: what `packageSize` units cost, in the price's asset: `0.0000025`. Null for the other models.",
    }),
    packageSize: t.expose('packageSize', {
      type: 'Decimal',
      description: 'Units sold together. A package that was begun is charged whole.',
    }),
    terms: t.field({
      type: RateTerms,
      nullable: true,
      description: 'What the other models go by; null for PER_UNIT.',
      resolve: (rate) => rate.terms as StoredDetails | null,
    }),
    effectiveFrom: t.expose('effectiveFrom', {
      type: 'DateTime',
      nullable: true,
      description: 'For usage that occurred from here on; null is the beginning of time.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
  }),
});

registerNode('rate', Rate, async (context, id) => {
  const viewer = viewerOf(context);
  return viewer.scopes.has('catalog:read') ? context.services.catalog.readRate(viewer, id) : null;
});

builder.queryField('effectiveRates', (t) =>
  t.prismaField({
    type: [Rate],
    description:
      'The rates that would price usage of a metric on the default card: one for each asset it is charged in. Empty when nothing covers it; such usage would be refused with PRICE_NOT_FOUND.',
    authScopes: { can: 'catalog:read' },
    args: {
      metric: t.arg.string({ required: true, description: 'The code or the id of the metric.' }),
      dimensions: t.arg({
        type: 'JSON',
        description: 'The event\'s properties that rates may name: `{"model": "gpt-4o"}`.',
      }),
      at: t.arg({ type: 'DateTime', description: 'When the usage occurred; now when left out.' }),
    },
    resolve: async (query, _root, args, context) => {
      const { catalog } = context.services;
      const viewer = viewerOf(context);
      const effective = await catalog.findEffectiveRates(viewer, args);
      if ('refusal' in effective) throw badUserInput(effective);
      return catalog.listRates(viewer, effective.rateIds, query);
    },
  }),
);
