import type { Entitlement as EntitlementShape } from '../src/entitlements/entitlement.ts';
import { ZERO } from '../src/kit/decimal.ts';
import { builder } from './builder.ts';
import { Feature } from './feature.ts';
import { found } from './found.ts';
import { viewerOf } from './scopes.ts';

const Entitlement = builder.objectRef<EntitlementShape>('Entitlement').implement({
  description:
    'A right of a customer to a feature, from all its subscriptions together: limits add up, and of everything else the more generous counts. Of resets, and of spend caps in different assets or times, it is the first.',
  fields: (t) => ({
    feature: t.field({
      type: Feature,
      description: 'What it is a right to.',
      resolve: async ({ feature }, _args, context) =>
        found(await context.services.catalog.readFeature(viewerOf(context), feature.id)),
    }),
    enabled: t.boolean({
      description: 'False where a subscription takes the feature away.',
      resolve: ({ right }) => right.enabled,
    }),
    limit: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'Of a STATIC feature its value, of a METERED one what may be used until `resetsAt`, for all seats; null is no bound.',
      resolve: ({ right }) => right.limit,
    }),
    used: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What is used of `limit`; null unless the feature is METERED.',
      resolve: ({ used }) => used,
    }),
    remaining: t.field({
      type: 'Decimal',
      nullable: true,
      description: '`limit` less `used`, at least 0; null without a bound or a count.',
      resolve: ({ right, used }) => {
        if (right.limit === null || used === null) return null;
        return used < right.limit ? right.limit - used : ZERO;
      },
    }),
    resetsAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is counted anew; null where it is not.',
      resolve: ({ right, span }) => (right.reset === 'NEVER' ? null : (span?.end ?? null)),
    }),
    perSubject: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What one subject may use until the reset; null is no bound of its own.',
      resolve: ({ right }) => right.perSubject,
    }),
  }),
});

builder.prismaObjectFields('Customer', (t) => ({
  entitlements: t.field({
    type: [Entitlement],
    description: 'What the customer has a right to, by its subscriptions of now.',
    authScopes: { can: 'subscription:read' },
    resolve: (customer, _args, context) =>
      context.services.entitlements.listEntitlements(viewerOf(context), customer.id),
  }),
}));
