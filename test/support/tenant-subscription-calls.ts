import { code, customer, id, input, named, pagesOf } from './tenant-reference.ts';

/** An entitlement, wherever one is taken. */
export const walkedEntitlement = {
  feature: code('feature'),
  spendCap: { asset: code('asset'), amount: '1' },
};

const walkedOverrides = {
  prices: [{ metric: code('metric'), asset: code('asset'), unitAmount: '3' }],
  // Far above what the walk consumes: these rights hold for the checks that come after them.
  entitlements: [{ ...walkedEntitlement, spendCap: { asset: code('asset'), amount: '1000000' } }],
};

/** Trials are no longer than two. */
const IN_A_YEAR = new Date(Date.now() + 365 * 86_400_000).toISOString();

/** How to call what is about subscriptions. */
export const SUBSCRIPTION_CALLS: Readonly<Record<string, readonly object[]>> = {
  'Mutation.cancelSubscription': [input({ subscription: id('subscription'), when: 'PERIOD_END' })],
  'Mutation.migrateSubscriptions': [
    input({
      to: named('plan'),
      from: id('planVersion'),
      subscriptions: [id('subscription')],
      after: id('subscription'),
      when: 'PERIOD_END',
    }),
  ],
  'Mutation.overrideSubscription': [
    input({
      subscription: id('subscription'),
      overrides: walkedOverrides,
    }),
  ],
  'Mutation.changePlan': [
    input({ subscription: id('subscription'), plan: named('plan'), when: 'NOW' }),
  ],
  'Mutation.extendTrial': [input({ subscription: id('spareTrial'), until: IN_A_YEAR })],
  'Mutation.pauseSubscription': [input({ subscription: id('subscription') })],
  'Mutation.resumeSubscription': [input({ subscription: id('subscription') })],
  'Mutation.undoScheduledChange': [input({ subscription: id('subscription') })],
  'Mutation.updateAddOns': [input({ subscription: id('subscription'), addOns: [] })],
  'Mutation.updateSeats': [input({ subscription: id('subscription'), seats: 1 })],
  'Mutation.createSubscription': [
    input({ customer, plan: named('sparePlan'), overrides: walkedOverrides }),
  ],
  'Query.previewSubscriptionChange': [
    input({ subscription: id('subscription'), plan: named('plan'), when: 'NOW' }),
  ],
  'Query.subscription': [{ id: id('subscription') }],
  'Query.subscriptions': [{ plan: named('plan') }, ...pagesOf('subscription')],
  'Customer.subscriptions': pagesOf('subscription', { of: id('customer'), liveOnly: true }),
  'PlanSubscription.charges': pagesOf('subscriptionCharge', { of: id('subscription') }),
  'PlanSubscription.periods': [{ of: id('subscription'), first: 5 }],
};
