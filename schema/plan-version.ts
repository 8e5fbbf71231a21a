import { storedDefinition } from '../src/catalog/plans/read-definition.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { Node, registerNode } from './node.ts';
import { PlanDefinition } from './plan-definition.ts';
import { viewerOf } from './scopes.ts';

const PlanVersionStatus = builder.enumType('PlanVersionStatus', {
  description: 'How far a version of a plan is.',
  values: {
    DRAFT: { description: 'It may still change, and nobody can subscribe to it.' },
    PUBLISHED: { description: 'It never changes; subscribers stay on it until they are moved.' },
  },
});

export const PlanVersion = builder.prismaObject('PlanVersion', {
  description:
    'What a plan says, or said: prices, included credits, rights. Once published it never changes.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `planver_01h455vb4pex5vsknk084sn02q`.',
      resolve: (version) => toTypeId('planVersion', version.id),
    }),
    plan: t.relation('plan', { description: 'The plan.' }),
    number: t.exposeInt('number', { description: '1, 2, 3 ... within the plan.' }),
    status: t.expose('status', {
      type: PlanVersionStatus,
      description: 'Whether it may still change.',
    }),
    definition: t.field({
      type: PlanDefinition,
      description: 'What it says, part by part.',
      resolve: (version) => storedDefinition(version.definition),
    }),
    document: t.field({
      type: 'JSON',
      description:
        'The same as one document, which `savePlanDraft` takes as its definition: `{"interval": "MONTH", "fees": [...]}`.',
      resolve: (version) => version.definition,
    }),
    rateCard: t.relation('rateCard', {
      nullable: true,
      description:
        'Its prices as a rate card, `pro@3`, made when it was published; null for a draft, and for a version without prices.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was published; null for a draft.',
    }),
  }),
});

registerNode('planVersion', PlanVersion, (context, id) =>
  context.services.catalog.plans.readPlanVersion(viewerOf(context), id),
);
