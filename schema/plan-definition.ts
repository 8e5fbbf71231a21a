import type { PlanDefinition as PlanDefinitionShape } from '../src/catalog/plans/definition.ts';
import { builder } from './builder.ts';
import {
  PlanAddOn,
  PlanCredits,
  PlanEntitlement,
  PlanFee,
  PlanPrice,
  PlanSeats,
  PlanTrial,
} from './plan-parts.ts';
import { PlanInterval } from './plan-words.ts';

/** Longer lists than usual; the others have a handful of items. */
const MANY_ROWS = 100;

export const PlanDefinition = builder.objectRef<PlanDefinitionShape>('PlanDefinition').implement({
  description: 'What a version of a plan says, with what was left out filled in.',
  fields: (t) => ({
    interval: t.expose('interval', {
      type: PlanInterval,
      description: 'What a billing period is counted in.',
    }),
    intervalCount: t.exposeInt('intervalCount', {
      description: 'A billing period is so many of them.',
    }),
    asset: t.exposeString('asset', {
      nullable: true,
      description:
        'The code of what fees, seats and the minimum are in; null when it has none of them.',
    }),
    fees: t.field({
      type: [PlanFee],
      description: 'Charged in advance.',
      resolve: (plan) => [...plan.fees],
    }),
    minimum: t.expose('minimum', {
      type: 'Decimal',
      nullable: true,
      description:
        'What usage of a period comes to at least, in `asset`; the rest is charged at its end, and gives way to usage of the period that comes late. Usage counts that the plan or the overrides of the subscription price, and what the card `default` prices unless it counts for another subscription with a minimum. Null: there is none.',
    }),
    prices: t.field({
      type: [PlanPrice],
      extensions: { rows: MANY_ROWS },
      description: 'What usage costs; what is not here costs what the card `default` says.',
      resolve: (plan) => [...plan.prices],
    }),
    credits: t.field({
      type: [PlanCredits],
      description: 'Included credits.',
      resolve: (plan) => [...plan.credits],
    }),
    entitlements: t.field({
      type: [PlanEntitlement],
      extensions: { rows: MANY_ROWS },
      description: 'Rights to features.',
      resolve: (plan) => [...plan.entitlements],
    }),
    seats: t.expose('seats', {
      type: PlanSeats,
      nullable: true,
      description: 'Null: it is not sold by the seat.',
    }),
    trial: t.expose('trial', {
      type: PlanTrial,
      nullable: true,
      description: 'Null: there is none.',
    }),
    addOns: t.field({
      type: [PlanAddOn],
      description: 'What a subscriber may take besides.',
      resolve: (plan) => [...plan.addOns],
    }),
  }),
});
