import { builder } from './builder.ts';
import { found } from './found.ts';
import { Plan } from './plan.ts';
import { PlanVersion } from './plan-version.ts';
import { viewerOf } from './scopes.ts';

/** What changes of plans are answered with, and which plan it is. */
export function planPayload<Shape extends { readonly planId: string }>(
  name: string,
  description: string,
) {
  const payload = builder.objectRef<Shape>(name).implement({ description });
  builder.objectField(payload, 'plan', (t) =>
    t.prismaField({
      type: Plan,
      description: 'The plan as it is now.',
      resolve: async (query, { planId }, _args, context) =>
        found(await context.services.catalog.plans.readPlan(viewerOf(context), planId, query)),
    }),
  );
  return payload;
}

/** The same with one of its versions. */
export function planVersionPayload<
  Shape extends { readonly planId: string; readonly versionId: string },
>(name: string, description: string, ofVersion: string) {
  const payload = planPayload<Shape>(name, description);
  builder.objectField(payload, 'version', (t) =>
    t.prismaField({
      type: PlanVersion,
      description: ofVersion,
      resolve: async (query, { versionId }, _args, context) => {
        const { plans } = context.services.catalog;
        return found(await plans.readPlanVersion(viewerOf(context), versionId, query));
      },
    }),
  );
  return payload;
}
