import { loadTerms } from '../src/catalog/stored-terms.ts';
import { createChecker } from '../src/kit/check.ts';
import { exact } from '../src/kit/decimal.ts';
import type { Id } from '../src/kit/ids.ts';
import { isRefusal } from '../src/kit/refusal.ts';
import { type Standing, standingOf } from '../src/rating/standing.ts';
import { type ListedCounter, MAX_COUNTERS } from '../src/usage/counter-store.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { customerTime } from './customer-time.ts';
import { badUserInput } from './faults.ts';
import { Period } from './period.ts';
import { Rate } from './rate.ts';
import { Tier } from './rate-terms.ts';
import { viewerOf } from './scopes.ts';

const TierStanding = builder.objectRef<Standing>('TierStanding').implement({
  description: 'Where what was used stands among the tiers of its rate.',
  fields: (t) => ({
    current: t.field({
      type: Tier,
      description: 'The tier that the next unit is of.',
      resolve: ({ tier }) => tier,
    }),
    next: t.field({
      type: Tier,
      nullable: true,
      description: 'The tier after it; null in the last.',
      resolve: ({ next }) => next,
    }),
    untilNext: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'How much more is of the current tier; null in the last.',
      resolve: ({ left }) => left,
    }),
  }),
});

const UsageCounter = builder.objectRef<ListedCounter>('UsageCounter').implement({
  description:
    'What a customer has used in a period of something whose price depends on it: of a price with tiers, or of a metric that counts more than single events do.',
  fields: (t) => ({
    asset: t.field({
      type: Asset,
      nullable: true,
      description: 'What it is charged in.',
      resolve: ({ price }, _args, context) => price && context.loaders().assets.load(price.assetId),
    }),
    dimensions: t.field({
      type: 'JSON',
      description:
        'Of the rate that it counts for: `{"model": "gpt-4o"}`; each is counted by itself.',
      resolve: ({ slice }) => (slice === '' ? {} : JSON.parse(slice)),
    }),
    period: t.field({
      type: Period,
      description: 'In which time.',
      resolve: ({ periodStart, periodEnd }) => ({ start: periodStart, end: periodEnd }),
    }),
    quantity: t.expose('quantity', { type: 'Decimal', description: 'What was used.' }),
    charged: t.expose('charged', {
      type: 'Decimal',
      description: 'What was charged for it, less what was given back.',
    }),
    rate: t.field({
      type: Rate,
      nullable: true,
      description: 'The rate that it was charged at last.',
      resolve: ({ rateId }, _args, context) =>
        rateId === null ? null : context.loaders().rates.load(rateId),
    }),
    tier: t.field({
      type: TierStanding,
      nullable: true,
      description: 'Where it stands among the tiers of that rate; null when it has none.',
      resolve: ({ rate, quantity }) => rate && standingOf(loadTerms(rate), exact(quantity)),
    }),
  }),
});

builder.prismaObjectField('Customer', 'usage', (t) =>
  t.field({
    type: [UsageCounter],
    extensions: { rows: MAX_COUNTERS },
    description:
      'What was used of a metric in the period that an instant lies in, where prices depend on it: that of the subscription whose plan has the price, otherwise the calendar month in UTC. At most 100 entries, by price and dimensions. Empty for a metric that is priced event by event, and for one that is not there.',
    authScopes: { can: 'usage:read' },
    args: {
      metric: t.arg.string({ required: true, description: 'The code or the id of the metric.' }),
      at: t.arg({
        type: 'DateTime',
        description: "The instant, RFC 3339; now, by the customer's time, when left out.",
      }),
    },
    resolve: async (customer, args, context) => {
      const check = createChecker();
      const at =
        check.instant('at', args.at) ?? (await customerTime(context, customer.testClockId));
      const fault = check.fault();
      if (fault) throw badUserInput(fault);
      const viewer = viewerOf(context);
      const metric = await context.services.catalog.resolveMetric(viewer, args.metric);
      if (isRefusal(metric)) return [];
      const customerId = customer.id as Id<'customer'>;
      return context.services.usage.listCounters(viewer, customerId, metric.id, at);
    },
  }),
);
