import type { builder } from './builder.ts';
import { PricingModel, TierInput } from './rate-terms.ts';

type InputFields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0];

/** The fields of an input that say how a rate prices. */
export function termsInputs(t: InputFields) {
  return {
    model: t.field({
      type: PricingModel,
      description:
        'How it prices; PER_UNIT when left out. A field that the model does not have is refused.',
    }),
    unitAmount: t.field({
      type: 'Decimal',
      description:
        'PER_UNIT, required: what `packageSize` units cost, 0 or more; at most 12 decimal places.',
    }),
    packageSize: t.field({
      type: 'Decimal',
      description:
        'PER_UNIT, GRADUATED, VOLUME: units sold together, above 0; 1 when left out. A begun package costs a whole one.',
    }),
    includedQuantity: t.field({
      type: 'Decimal',
      description:
        'PER_UNIT: so much of each period is free: the billing period on a plan, otherwise the calendar month in UTC. It is kept as GRADUATED, with a first tier that costs nothing.',
    }),
    tiers: t.field({
      type: [TierInput],
      description: 'GRADUATED and VOLUME, required: 1 to 50, ascending; the last has no `upTo`.',
    }),
    percent: t.field({
      type: 'Decimal',
      description: 'PERCENTAGE, required: `2.9` is 2.9 %; at most 10 decimal places.',
    }),
    fixedAmount: t.field({
      type: 'Decimal',
      description: 'PERCENTAGE: what each event costs on top; 0 when left out.',
    }),
    minimumAmount: t.field({
      type: 'Decimal',
      description: 'PERCENTAGE: an event costs at least so much. GIVEN: less is refused.',
    }),
    maximumAmount: t.field({
      type: 'Decimal',
      description: 'PERCENTAGE: an event costs at most so much. GIVEN: more is refused.',
    }),
    property: t.string({
      description:
        'PERCENTAGE and GIVEN: the event property that it goes by, `cost`; what the metric counts when left out. An event without it is refused.',
    }),
    flatAmount: t.field({
      type: 'Decimal',
      description: 'FLAT, required: what an event costs, whatever its quantity.',
    }),
  };
}
