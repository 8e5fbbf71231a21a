import { builder } from './builder.ts';
import {
  PlanCreditExpiry,
  PlanCreditRhythm,
  PlanExceeded,
  PlanFeeKind,
  PlanInterval,
  PlanReset,
  PlanRhythm,
  PlanWindow,
} from './plan-words.ts';
import { termsInputs } from './rate-inputs.ts';

const CODE = 'A letter, then up to 63 letters, digits or any of `_ . : -`';

const PlanFeeInput = builder.inputType('PlanFeeInput', {
  description: "Something charged in advance, in the plan's asset.",
  fields: (t) => ({
    code: t.string({ required: true, description: `${CODE}; each once in its list.` }),
    name: t.string({ description: 'What subscribers read; the code when left out.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'Above 0: `20`.' }),
    kind: t.field({ type: PlanFeeKind, description: 'RECURRING when left out.' }),
    perSeat: t.boolean({ description: 'Once for every seat; false when left out.' }),
  }),
});

export const PlanPriceInput = builder.inputType('PlanPriceInput', {
  description:
    'A rate that holds for subscribers of the plan, in place of that of the card `default`. As in `createPrice`; it is in force as long as the version.',
  fields: (t) => ({
    metric: t.string({ required: true, description: 'The code of the metric.' }),
    asset: t.string({
      required: true,
      description: 'The code of the asset it is charged in: a unit of your own, or the currency.',
    }),
    dimensions: t.field({
      type: 'JSON',
      description: 'The event properties it is for: `{"model": "gpt-4o"}`.',
    }),
    ...termsInputs(t),
  }),
});

const PlanRolloverInput = builder.inputType('PlanRolloverInput', {
  description: 'What becomes of credits that are left at the end of their period.',
  fields: (t) => ({
    percent: t.field({
      type: 'Decimal',
      description: 'So much of what is left goes on, above 0 to 100; 100 when left out.',
    }),
    minimum: t.field({
      type: 'Decimal',
      description: 'Less than this does not go on; 0 when left out.',
    }),
    maximum: t.field({ type: 'Decimal', description: 'No more than this goes on.' }),
    periods: t.int({
      description: 'For so many further periods, 1 to 120; until it is used when left out.',
    }),
  }),
});

const PlanCreditsInput = builder.inputType('PlanCreditsInput', {
  description: 'Credits that come with the plan.',
  fields: (t) => ({
    code: t.string({ required: true, description: `${CODE}; each once in its list.` }),
    asset: t.string({ required: true, description: 'The code of the asset.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'Above 0: `1000`.' }),
    perSeat: t.boolean({ description: 'The amount for every seat; false when left out.' }),
    every: t.field({ type: PlanCreditRhythm, description: 'PERIOD when left out.' }),
    expires: t.field({ type: PlanCreditExpiry, description: 'END_OF_PERIOD when left out.' }),
    expiresAfterDays: t.int({ description: 'With AFTER_DAYS, and only then: 1 to 3650.' }),
    rollover: t.field({
      type: PlanRolloverInput,
      description: 'Only with END_OF_PERIOD. Left out: what is left expires.',
    }),
    refill: t.boolean({
      description:
        'True tops up to the amount and never lowers what is there; false, the default, grants it on top. Not with a rollover or ONCE.',
    }),
    priority: t.int({ description: 'As of a grant, 0 (drawn first) to 100; 50 when left out.' }),
    scope: t.stringList({
      description: 'Codes of the metrics that they pay for, at most 100; all when left out.',
    }),
  }),
});

const PlanWindowCapInput = builder.inputType('PlanWindowCapInput', {
  description: 'A cap of usage in a short time.',
  fields: (t) => ({
    per: t.field({ type: PlanWindow, required: true, description: 'How long; each once.' }),
    limit: t.field({ type: 'Decimal', required: true, description: 'So much, 0 or more.' }),
  }),
});

const PlanSpendCapInput = builder.inputType('PlanSpendCapInput', {
  description: "What usage of the feature's metric may cost.",
  fields: (t) => ({
    asset: t.string({ required: true, description: 'The code of the asset.' }),
    amount: t.field({ type: 'Decimal', required: true, description: 'So much, 0 or more.' }),
    per: t.field({ type: PlanRhythm, description: 'PERIOD when left out.' }),
  }),
});

export const PlanEntitlementInput = builder.inputType('PlanEntitlementInput', {
  description:
    'A right to a feature. For a BOOLEAN feature `enabled` is all there is; a STATIC one has a `limit`; the rest is for METERED ones.',
  fields: (t) => ({
    feature: t.string({
      required: true,
      description: 'The code of the feature; each once in its list.',
    }),
    enabled: t.boolean({ description: 'Whether subscribers have it; true when left out.' }),
    limit: t.field({
      type: 'Decimal',
      description:
        'The value of a STATIC feature, the usage of a METERED one; no bound when left out.',
    }),
    perSeat: t.boolean({ description: 'The limit for every seat; false when left out.' }),
    reset: t.field({ type: PlanReset, description: 'PERIOD when left out.' }),
    whenExceeded: t.field({ type: PlanExceeded, description: 'DENY when left out.' }),
    windows: t.field({ type: [PlanWindowCapInput], description: 'Caps in short times.' }),
    perSubject: t.field({
      type: 'Decimal',
      description: "What one `subject` may use until the reset, within the customer's limit.",
    }),
    spendCap: t.field({ type: PlanSpendCapInput, description: 'A cap of what it costs.' }),
  }),
});

const PlanSeatsInput = builder.inputType('PlanSeatsInput', {
  description: 'That the plan is sold by the seat.',
  fields: (t) => ({
    included: t.int({ description: 'Seats that cost nothing more; 0 when left out.' }),
    minimum: t.int({ description: 'At least so many; 1 when left out.' }),
    maximum: t.int({ description: 'At most so many; no bound when left out.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'For each further seat and period; 0 when left out.',
    }),
  }),
});

const PlanTrialInput = builder.inputType('PlanTrialInput', {
  description: 'That a subscription begins with time that costs nothing.',
  fields: (t) => ({
    days: t.int({ required: true, description: 'How long, 1 to 366 days.' }),
    credits: t.field({
      type: [PlanCreditsInput],
      description: 'What is granted for the trial, in place of the credits of the plan.',
    }),
  }),
});

const PlanAddOnInput = builder.inputType('PlanAddOnInput', {
  description: 'What a subscriber may take besides; it has something in it.',
  fields: (t) => ({
    code: t.string({ required: true, description: `${CODE}; each once.` }),
    name: t.string({ description: 'What subscribers read; the code when left out.' }),
    fees: t.field({ type: [PlanFeeInput], description: 'What it costs.' }),
    credits: t.field({ type: [PlanCreditsInput], description: 'Credits that come with it.' }),
    entitlements: t.field({
      type: [PlanEntitlementInput],
      description: 'Rights that it gives, in place of those of the plan to the same features.',
    }),
  }),
});

export const PlanDefinitionInput = builder.inputType('PlanDefinitionInput', {
  description:
    'What a version of a plan says, whole. Assets, metrics and features are named by code and must be there. A plan is in one currency.',
  fields: (t) => ({
    interval: t.field({ type: PlanInterval, description: 'MONTH when left out.' }),
    intervalCount: t.int({
      description: 'A billing period is so many of them, three years at most; 1 when left out.',
    }),
    asset: t.string({
      description:
        'The code of what fees, seats and the minimum are in; required with any of them.',
    }),
    fees: t.field({ type: [PlanFeeInput], description: 'Charged in advance; at most 50.' }),
    minimum: t.field({
      type: 'Decimal',
      description:
        'What usage of a period comes to at least, in `asset`; the rest is charged at its end, and gives way to usage of the period that comes late. Usage counts that the plan or the overrides of the subscription price, and what the card `default` prices unless it counts for another subscription with a minimum.',
    }),
    prices: t.field({ type: [PlanPriceInput], description: 'What usage costs; at most 1000.' }),
    credits: t.field({ type: [PlanCreditsInput], description: 'Included credits; at most 50.' }),
    entitlements: t.field({ type: [PlanEntitlementInput], description: 'Rights; at most 200.' }),
    seats: t.field({ type: PlanSeatsInput, description: 'Left out: it has no seats.' }),
    trial: t.field({ type: PlanTrialInput, description: 'Left out: there is none.' }),
    addOns: t.field({ type: [PlanAddOnInput], description: 'At most 50.' }),
  }),
});
