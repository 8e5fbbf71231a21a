import { ofVisibleCustomers } from '../src/access/viewer.ts';
import type { PlanDefinition } from '../src/catalog/plans/definition.ts';
import { storedDefinition } from '../src/catalog/plans/read-definition.ts';
import { toTypeId } from '../src/kit/ids.ts';
import type {
  Overrides,
  ScheduledChange as ScheduledChangeShape,
} from '../src/subscriptions/subscription.ts';
import { builder } from './builder.ts';
import { cursorWithinReach, withinReach } from './cursor.ts';
import { found } from './found.ts';
import { Node, registerNode } from './node.ts';
import { Period } from './period.ts';
import { PlanEntitlement, PlanPrice } from './plan-parts.ts';
import { PlanVersion } from './plan-version.ts';
import { viewerOf } from './scopes.ts';

export const SubscriptionStatus = builder.enumType('SubscriptionStatus', {
  description: 'How a subscription stands.',
  values: {
    PENDING: {
      description:
        'It has not begun: its start, or what has to be paid in, has not come, or the wallet does not cover its first period. It gives no rights.',
    },
    TRIALING: { description: 'Its trial runs; nothing has been charged.' },
    ACTIVE: { description: 'Its period is paid for.' },
    PAST_DUE: {
      description:
        'It has begun, and the wallet does not cover the period that was to follow. No credits come with it until it does; it is tried again when the wallet changes.',
    },
    PAUSED: { description: 'Nothing is charged and no credits come until it is resumed.' },
    CANCELED: { description: 'It has ended.' },
  },
});

export const PlanSubscription = builder.prismaObject('Subscription', {
  name: 'PlanSubscription',
  description: 'A customer on a version of a plan, over time.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `sub_01h455vb4pex5vsknk084sn02q`.',
      resolve: (subscription) => toTypeId('subscription', subscription.id),
    }),
    customer: t.relation('customer', {
      authScopes: { can: 'customer:read' },
      description: 'Who subscribed.',
    }),
    plan: t.relation('plan', { description: 'What they subscribed to.' }),
    planVersion: t.relation('planVersion', {
      description: 'The version of the plan that holds now.',
    }),
    planName: t.string({
      description: 'What people call the plan: `Pro`.',
      select: { plan: { select: { name: true } } },
      resolve: ({ plan }) => plan.name,
    }),
    status: t.expose('status', { type: SubscriptionStatus, description: 'How it stands.' }),
    seats: t.exposeInt('seats', { description: '1 where the plan is not sold by the seat.' }),
    timeZone: t.exposeString('timeZone', {
      description: 'Where its days and months are counted: `Europe/Berlin`.',
    }),
    anchorAt: t.expose('anchorAt', {
      type: 'DateTime',
      description:
        'Periods begin at the local day and time that this is in its time zone; where a month is too short, on its last day.',
    }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it began, with its trial or its first period; null while it is PENDING.',
    }),
    trialEndsAt: t.expose('trialEndsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its trial ends or has ended; null when it has none, or has not begun.',
    }),
    currentPeriod: t.field({
      type: Period,
      nullable: true,
      description: 'The period that it is in, or that was its last; null before it has begun.',
      resolve: ({ periodStart, periodEnd }) =>
        periodStart && periodEnd && { start: periodStart, end: periodEnd },
    }),
    cancelAt: t.expose('cancelAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends by itself; null when it goes on.',
    }),
    endedAt: t.expose('endedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null when it has not.',
    }),
    pausedAt: t.expose('pausedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is PAUSED; null when it is not.',
    }),
    prefundAmount: t.expose('prefundAmount', {
      type: 'Decimal',
      nullable: true,
      description:
        "What has to be paid in before it begins, in the plan's asset; null for nothing.",
    }),
    addOns: t.field({
      type: ['String'],
      description: 'Codes of the add-ons of the plan that it has.',
      resolve: ({ addOns }) => addOns as string[],
    }),
    scheduledChange: t.field({
      type: ScheduledChange,
      nullable: true,
      description: 'What it will be on when the period ends; null when it stays as it is.',
      resolve: ({ scheduled }) => scheduled as ScheduledChangeShape | null,
    }),
    overrides: t.field({
      type: SubscriptionOverrides,
      description: 'What it has in place of what its plan says.',
      resolve: ({ overrides }) => {
        const { prices = [], entitlements = [] } = overrides as Overrides;
        return storedDefinition({ prices, entitlements, seats: {} });
      },
    }),
    metadata: t.field({
      type: 'JSON',
      authScopes: { merchant: true },
      description: "The merchant's own data.",
      resolve: ({ metadata }) => metadata,
    }),
    periods: t.relatedConnection('periods', {
      cursor: 'id_customerId',
      extensions: { cursors: 'idAndCustomer' },
      description: 'The periods that have begun, newest first.',
      query: (page, context) => ({
        orderBy: { id: 'desc' },
        ...cursorWithinReach('idAndCustomer', page, ofVisibleCustomers(viewerOf(context))),
      }),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
  }),
});

const ScheduledChange = builder.objectRef<ScheduledChangeShape>('ScheduledChange').implement({
  description: 'A change that waits for the end of the period.',
  fields: (t) => ({
    planVersion: t.prismaField({
      type: PlanVersion,
      description: 'The version that it will be on.',
      resolve: async (query, { planVersionId }, _args, context) => {
        const { plans } = context.services.catalog;
        return found(await plans.readPlanVersion(viewerOf(context), planVersionId, query));
      },
    }),
    seats: t.exposeInt('seats', { description: 'How many it will have.' }),
    addOns: t.field({
      type: ['String'],
      description: 'Codes of the add-ons that it will have.',
      resolve: ({ addOns }) => [...addOns],
    }),
  }),
});

type Overridden = Pick<PlanDefinition, 'prices' | 'entitlements'>;

const SubscriptionOverrides = builder.objectRef<Overridden>('SubscriptionOverrides').implement({
  description: 'Prices and rights of one subscription, which come before those of its plan.',
  fields: (t) => ({
    prices: t.field({
      type: [PlanPrice],
      description: 'What usage costs it.',
      resolve: ({ prices }) => [...prices],
    }),
    entitlements: t.field({
      type: [PlanEntitlement],
      description: 'Its rights.',
      resolve: ({ entitlements }) => [...entitlements],
    }),
  }),
});

registerNode('subscription', PlanSubscription, (context, id) =>
  context.services.subscriptions.findSubscription(viewerOf(context), id),
);

builder.prismaObjectFields('Customer', (t) => ({
  subscriptions: t.relatedConnection('subscriptions', {
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    authScopes: { can: 'subscription:read' },
    description: 'What they subscribe to or did, newest first.',
    args: {
      liveOnly: t.arg.boolean({
        defaultValue: false,
        description: 'Only those that have not ended.',
      }),
    },
    query: ({ liveOnly, ...page }, context) => {
      const reach = ofVisibleCustomers(viewerOf(context));
      const from = cursorWithinReach('idAndCustomer', page, reach);
      // The one that a page begins behind stays in the list, though it may have ended since.
      const passedOver = from.cursor ? [from.cursor.id_customerId.id] : [];
      const where = { OR: [{ endedAt: null }, { id: { in: passedOver } }] };
      return { orderBy: { id: 'desc' }, ...from, ...(liveOnly && { where }) };
    },
  }),
}));

builder.queryField('subscription', (t) =>
  t.prismaField({
    type: PlanSubscription,
    nullable: true,
    description: 'One subscription; null when there is none that this credential may see.',
    authScopes: { can: 'subscription:read' },
    args: { id: t.arg.id({ required: true, description: 'Its TypeID.' }) },
    resolve: (query, _root, { id }, context) =>
      context.services.subscriptions.findSubscriptionByTypeId(viewerOf(context), id, query),
  }),
);

builder.queryField('subscriptions', (t) =>
  t.prismaConnection(
    {
      type: PlanSubscription,
      cursor: 'id_customerId',
      extensions: { cursors: 'idAndCustomer' },
      description:
        'Subscriptions of all customers that this credential may see, newest first. A plan that is not there has none.',
      authScopes: { can: 'subscription:read' },
      args: {
        plan: t.arg.string({ description: 'Only those on the plan now, by its code or TypeID.' }),
        status: t.arg({ type: SubscriptionStatus, description: 'Only those that stand so now.' }),
      },
      resolve: async (query, _root, { plan: name, status }, context) => {
        const viewer = viewerOf(context);
        const { catalog, subscriptions } = context.services;
        const plan = name == null ? null : await catalog.plans.findPlan(viewer, name);
        if (name != null && plan === null) return [];
        const filter = { planId: plan?.id ?? null, status: status ?? null };
        const page = withinReach(query, ofVisibleCustomers(viewer));
        return subscriptions.listSubscriptions(viewer, filter, page);
      },
    },
    { description: 'A page of subscriptions.' },
    { description: 'A subscription and its place in the list.' },
  ),
);
