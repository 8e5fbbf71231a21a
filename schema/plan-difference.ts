import type { PlanDifference as PlanDifferenceShape } from '../src/catalog/plans/find-difference.ts';
import { builder } from './builder.ts';
import { DocumentChange } from './document-change.ts';
import { found } from './found.ts';
import { PlanVersion } from './plan-version.ts';
import { viewerOf } from './scopes.ts';

const PlanDifference = builder.objectRef<PlanDifferenceShape>('PlanDifference').implement({
  description: 'How one version of a plan differs from another.',
  fields: (t) => ({
    from: t.prismaField({
      type: PlanVersion,
      description: 'The version that was compared with.',
      resolve: async (query, { fromId }, _args, context) => {
        const { plans } = context.services.catalog;
        return found(await plans.readPlanVersion(viewerOf(context), fromId, query));
      },
    }),
    to: t.prismaField({
      type: PlanVersion,
      description: 'The other version.',
      resolve: async (query, { toId }, _args, context) => {
        const { plans } = context.services.catalog;
        return found(await plans.readPlanVersion(viewerOf(context), toId, query));
      },
    }),
    changes: t.field({
      type: [DocumentChange],
      extensions: { rows: 100 },
      description: 'Place by place, in the order of the document; empty when they say the same.',
      resolve: (difference) => [...difference.changes],
    }),
  }),
});

builder.queryField('planDifference', (t) =>
  t.field({
    type: PlanDifference,
    nullable: true,
    description:
      'How one version differs from another, of the same plan or not: what a draft changes, or what an upgrade brings. Null when either is not there.',
    authScopes: { can: 'catalog:read' },
    args: {
      from: t.arg.id({ required: true, description: 'The id of the version to compare with.' }),
      to: t.arg.id({ required: true, description: 'The id of the other version.' }),
    },
    resolve: (_root, versions, context) =>
      context.services.catalog.plans.findDifference(viewerOf(context), versions),
  }),
);
