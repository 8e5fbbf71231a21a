import type {
  AddOnDefinition,
  CreditsDefinition,
  EntitlementDefinition,
  FeeDefinition,
  PriceDefinition,
  RolloverDefinition,
  SeatsDefinition,
  SpendCapDefinition,
  TrialDefinition,
  WindowDefinition,
} from '../src/catalog/plans/definition.ts';
import { storeTerms } from '../src/catalog/stored-terms.ts';
import { builder } from './builder.ts';
import {
  PlanCreditExpiry,
  PlanCreditRhythm,
  PlanExceeded,
  PlanFeeKind,
  PlanReset,
  PlanRhythm,
  PlanWindow,
} from './plan-words.ts';
import { PricingModel, RateTerms } from './rate-terms.ts';

export const PlanFee = builder.objectRef<FeeDefinition>('PlanFee').implement({
  description: "Something charged in advance, in the plan's asset.",
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Your name for it.' }),
    name: t.exposeString('name', { description: 'What subscribers read.' }),
    amount: t.expose('amount', { type: 'Decimal', description: 'For each time, and each seat.' }),
    kind: t.expose('kind', { type: PlanFeeKind, description: 'When it is charged.' }),
    perSeat: t.exposeBoolean('perSeat', { description: 'Whether once for every seat.' }),
  }),
});

export const PlanPrice = builder.objectRef<PriceDefinition>('PlanPrice').implement({
  description: 'A rate that holds for subscribers, in place of that of the card `default`.',
  fields: (t) => ({
    metric: t.exposeString('metric', { description: 'The code of the metric.' }),
    asset: t.exposeString('asset', { description: 'The code of the asset it is charged in.' }),
    dimensions: t.expose('dimensions', {
      type: 'JSON',
      description: 'The event properties it is for: `{"model": "gpt-4o"}`.',
    }),
    model: t.field({
      type: PricingModel,
      description: 'How it prices.',
      resolve: ({ terms }) => terms.model,
    }),
    unitAmount: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What `packageSize` units cost; null for every model but PER_UNIT.',
      resolve: ({ terms }) => storeTerms(terms).unitAmount,
    }),
    packageSize: t.field({
      type: 'Decimal',
      description: 'Units sold together. A package that was begun is charged whole.',
      resolve: ({ terms }) => storeTerms(terms).packageSize,
    }),
    terms: t.field({
      type: RateTerms,
      nullable: true,
      description: 'What its model goes by; null for PER_UNIT.',
      resolve: ({ terms }) => storeTerms(terms).terms,
    }),
  }),
});

const PlanRollover = builder.objectRef<RolloverDefinition>('PlanRollover').implement({
  description: 'What becomes of credits that are left at the end of their period.',
  fields: (t) => ({
    percent: t.expose('percent', { type: 'Decimal', description: 'So much of it goes on.' }),
    minimum: t.expose('minimum', {
      type: 'Decimal',
      description: 'When less is left, nothing goes on.',
    }),
    maximum: t.expose('maximum', {
      type: 'Decimal',
      nullable: true,
      description: 'No more than this goes on; null: all of it may.',
    }),
    periods: t.exposeInt('periods', {
      nullable: true,
      description: 'For so many further periods; null: until it is used.',
    }),
  }),
});

export const PlanCredits = builder.objectRef<CreditsDefinition>('PlanCredits').implement({
  description: 'Credits that come with the plan.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Your name for them.' }),
    asset: t.exposeString('asset', { description: 'The code of the asset.' }),
    amount: t.expose('amount', { type: 'Decimal', description: 'For each time, and each seat.' }),
    perSeat: t.exposeBoolean('perSeat', { description: 'Whether the amount is for every seat.' }),
    every: t.expose('every', { type: PlanCreditRhythm, description: 'How often.' }),
    expires: t.expose('expires', { type: PlanCreditExpiry, description: 'Until when.' }),
    expiresAfterDays: t.exposeInt('expiresAfterDays', {
      nullable: true,
      description: 'With AFTER_DAYS: the days from the grant.',
    }),
    rollover: t.expose('rollover', {
      type: PlanRollover,
      nullable: true,
      description: 'Null: what is left expires.',
    }),
    refill: t.exposeBoolean('refill', {
      description: 'Whether they top up to the amount, never lowering, instead of adding to it.',
    }),
    priority: t.exposeInt('priority', { description: 'As of a grant: 0 is drawn first.' }),
    scope: t.stringList({
      description: 'Codes of the metrics that they pay for; all when empty.',
      resolve: (credits) => [...credits.scope],
    }),
  }),
});

const PlanWindowCap = builder.objectRef<WindowDefinition>('PlanWindowCap').implement({
  description: 'A cap of usage in a short time.',
  fields: (t) => ({
    per: t.expose('per', { type: PlanWindow, description: 'How long.' }),
    limit: t.expose('limit', { type: 'Decimal', description: 'So much.' }),
  }),
});

const PlanSpendCap = builder.objectRef<SpendCapDefinition>('PlanSpendCap').implement({
  description: "What usage of the feature's metric may cost.",
  fields: (t) => ({
    asset: t.exposeString('asset', { description: 'The code of the asset.' }),
    amount: t.expose('amount', { type: 'Decimal', description: 'So much.' }),
    per: t.expose('per', { type: PlanRhythm, description: 'In which time.' }),
  }),
});

export const PlanEntitlement = builder
  .objectRef<EntitlementDefinition>('PlanEntitlement')
  .implement({
    description: 'A right to a feature.',
    fields: (t) => ({
      feature: t.exposeString('feature', { description: 'The code of the feature.' }),
      enabled: t.exposeBoolean('enabled', { description: 'Whether subscribers have it.' }),
      limit: t.expose('limit', {
        type: 'Decimal',
        nullable: true,
        description: 'The value of a STATIC feature, the usage of a METERED one; null: no bound.',
      }),
      perSeat: t.exposeBoolean('perSeat', { description: 'Whether the limit is for every seat.' }),
      reset: t.expose('reset', {
        type: PlanReset,
        description: 'When usage counts from zero again.',
      }),
      whenExceeded: t.expose('whenExceeded', { type: PlanExceeded, description: 'What then.' }),
      windows: t.field({
        type: [PlanWindowCap],
        description: 'Caps in short times.',
        resolve: (entitlement) => [...entitlement.windows],
      }),
      perSubject: t.expose('perSubject', {
        type: 'Decimal',
        nullable: true,
        description: 'What one `subject` may use until the reset; null: no bound of its own.',
      }),
      spendCap: t.expose('spendCap', {
        type: PlanSpendCap,
        nullable: true,
        description: 'A cap of what it costs; null: there is none.',
      }),
    }),
  });

export const PlanSeats = builder.objectRef<SeatsDefinition>('PlanSeats').implement({
  description: 'That the plan is sold by the seat.',
  fields: (t) => ({
    included: t.exposeInt('included', { description: 'Seats that cost nothing more.' }),
    minimum: t.exposeInt('minimum', { description: 'At least so many.' }),
    maximum: t.exposeInt('maximum', {
      nullable: true,
      description: 'At most so many; null: no bound.',
    }),
    amount: t.expose('amount', {
      type: 'Decimal',
      description: 'For each further seat and period.',
    }),
  }),
});

export const PlanTrial = builder.objectRef<TrialDefinition>('PlanTrial').implement({
  description: 'That a subscription begins with time that costs nothing.',
  fields: (t) => ({
    days: t.exposeInt('days', { description: 'How long, in days.' }),
    credits: t.field({
      type: [PlanCredits],
      description: 'What is granted for the trial, in place of the credits of the plan.',
      resolve: (trial) => [...trial.credits],
    }),
  }),
});

export const PlanAddOn = builder.objectRef<AddOnDefinition>('PlanAddOn').implement({
  description: 'What a subscriber may take besides.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Your name for it.' }),
    name: t.exposeString('name', { description: 'What subscribers read.' }),
    fees: t.field({
      type: [PlanFee],
      description: 'What it costs.',
      resolve: (addOn) => [...addOn.fees],
    }),
    credits: t.field({
      type: [PlanCredits],
      description: 'Credits that come with it.',
      resolve: (addOn) => [...addOn.credits],
    }),
    entitlements: t.field({
      type: [PlanEntitlement],
      description: 'Rights that it gives, in place of those of the plan to the same features.',
      resolve: (addOn) => [...addOn.entitlements],
    }),
  }),
});
