import type { StoredDetails } from '../src/catalog/stored-terms.ts';
import type { Exact } from '../src/kit/decimal.ts';
import { builder } from './builder.ts';

export const PricingModel = builder.enumType('PricingModel', {
  description:
    'How a rate makes an amount of a quantity. Each rounds once, half-even. A period is that of the subscription whose plan has the price, otherwise the calendar month in UTC.',
  values: {
    PER_UNIT: {
      description:
        'The quantity times `unitAmount`; with `packageSize`, whole packages. The default.',
    },
    GRADUATED: {
      description:
        'By `tiers`, each for its own part of what is used in a period. The charges of a period add up to the price of its total exactly, in any order.',
    },
    VOLUME: {
      description:
        'By the one of the `tiers` that the total of the period gets into, for all of it. A charge is what is missing from the price of the total; where that falls nothing is charged.',
    },
    PERCENTAGE: {
      description:
        '`percent` of the quantity or of `property`, and `fixedAmount` on top, between `minimumAmount` and `maximumAmount`.',
    },
    GIVEN: {
      description:
        'The quantity or `property` is the amount; outside of `minimumAmount` to `maximumAmount` the event is refused.',
    },
    FLAT: { description: 'Each event costs `flatAmount`, whatever its quantity.' },
  },
});

/** As it is stored, or as rating has it. */
interface TierShape {
  readonly upTo: Exact | string | null;
  readonly unitAmount: Exact | string;
  readonly flatAmount: Exact | string;
}

export const Tier = builder.objectRef<TierShape>('Tier').implement({
  description: 'A part of a quantity, from where the tier before it ends.',
  fields: (t) => ({
    upTo: t.expose('upTo', {
      type: 'Decimal',
      nullable: true,
      description: 'The last quantity that belongs to it; null is without end.',
    }),
    unitAmount: t.expose('unitAmount', {
      type: 'Decimal',
      description: 'What `packageSize` units in it cost.',
    }),
    flatAmount: t.expose('flatAmount', {
      type: 'Decimal',
      description: 'What it costs once, besides, when the quantity gets into it.',
    }),
  }),
});

export const RateTerms = builder.objectRef<StoredDetails>('RateTerms').implement({
  description: 'What a model other than PER_UNIT goes by. What the model does not have is null.',
  fields: (t) => ({
    tiers: t.field({
      type: [Tier],
      nullable: true,
      description: 'GRADUATED and VOLUME: ascending; the last has no end.',
      resolve: ({ tiers }) => (tiers ? [...tiers] : null),
    }),
    percent: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'PERCENTAGE: `2.9` is 2.9 %.',
      resolve: ({ percent }) => percent ?? null,
    }),
    fixedAmount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'PERCENTAGE: what each event costs on top.',
      resolve: ({ fixedAmount }) => fixedAmount ?? null,
    }),
    minimumAmount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'PERCENTAGE: an event costs at least so much. GIVEN: less is refused.',
      resolve: ({ minimumAmount }) => minimumAmount ?? null,
    }),
    maximumAmount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'PERCENTAGE: an event costs at most so much. GIVEN: more is refused.',
      resolve: ({ maximumAmount }) => maximumAmount ?? null,
    }),
    property: t.string({
      nullable: true,
      description:
        'PERCENTAGE and GIVEN: the event property that it goes by; null is the quantity.',
      resolve: ({ property }) => property ?? null,
    }),
    flatAmount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'FLAT: what an event costs.',
      resolve: ({ flatAmount }) => flatAmount ?? null,
    }),
  }),
});

export const TierInput = builder.inputType('TierInput', {
  description: 'A part of a quantity, from where the tier before it ends.',
  fields: (t) => ({
    upTo: t.field({
      type: 'Decimal',
      description:
        'The last quantity that belongs to it, above that of the tier before; left out in the last tier, and only there.',
    }),
    unitAmount: t.field({
      type: 'Decimal',
      description: 'What `packageSize` units in it cost, 0 or more; 0 when left out.',
    }),
    flatAmount: t.field({
      type: 'Decimal',
      description:
        'What it costs once, when the quantity gets into it, 0 or more; 0 when left out.',
    }),
  }),
});
