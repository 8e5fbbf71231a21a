import { inOrganization } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { cursorWithinReach, withinReach } from './cursor.ts';
import { Node, registerNode } from './node.ts';
import { PlanVersion } from './plan-version.ts';
import { viewerOf } from './scopes.ts';

export const Plan = builder.prismaObject('Plan', {
  description: 'Something sold by the period. What it says is said by its versions.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `plan_01h455vb4pex5vsknk084sn02q`.',
      resolve: (plan) => toTypeId('plan', plan.id),
    }),
    code: t.exposeString('code', {
      description: 'Your name for it, unique in the organization: `pro`.',
    }),
    name: t.exposeString('name', { description: 'What people call it: `Pro`.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'A sentence for those who may buy it.',
    }),
    latest: t.field({
      type: PlanVersion,
      nullable: true,
      description: 'The version that new subscribers get; null before the first is published.',
      resolve: async (plan, _args, context) =>
        (await context.loaders().newestPlanVersions.load(plan.id)).latest,
    }),
    draft: t.field({
      type: PlanVersion,
      nullable: true,
      description: 'What is not published yet; null when there is nothing.',
      authScopes: { can: 'catalog:read' },
      resolve: async (plan, _args, context) =>
        (await context.loaders().newestPlanVersions.load(plan.id)).draft,
    }),
    versions: t.relatedConnection(
      'versions',
      {
        cursor: 'id',
        totalCount: true,
        description: 'Every version that it has or had, oldest first.',
        authScopes: { can: 'catalog:read' },
        query: (page, context) => ({
          orderBy: { id: 'asc' },
          ...cursorWithinReach('id', page, inOrganization(viewerOf(context))),
        }),
      },
      { description: 'A page of the versions of a plan.' },
      { description: 'A version and its place in the list.' },
    ),
    archivedAt: t.expose('archivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nobody new may subscribe; null while it is offered.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When its name, description or archiving last changed.',
    }),
  }),
});

registerNode('plan', Plan, (context, id) =>
  context.services.catalog.plans.readPlan(viewerOf(context), id),
);

builder.queryField('plan', (t) =>
  t.prismaField({
    type: Plan,
    nullable: true,
    description: 'One plan; null when the organization has none of that name.',
    authScopes: { can: 'catalog:read' },
    args: { plan: t.arg.string({ required: true, description: 'Its code (`pro`) or its id.' }) },
    resolve: (query, _root, { plan }, context) =>
      context.services.catalog.plans.findPlan(viewerOf(context), plan, query),
  }),
);

builder.queryField('plans', (t) =>
  t.prismaConnection(
    {
      type: Plan,
      cursor: 'id',
      description: 'The plans of the organization, oldest first.',
      authScopes: { can: 'catalog:read' },
      args: {
        archived: t.arg.boolean({ description: 'True: also those that are archived.' }),
      },
      totalCount: (_root, args, context) =>
        context.services.catalog.plans.countPlans(viewerOf(context), args),
      resolve: (query, _root, args, context) =>
        context.services.catalog.plans.listPlans(
          viewerOf(context),
          args,
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of plans.' },
    { description: 'A plan and its place in the list.' },
  ),
);
