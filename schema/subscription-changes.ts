import type { ChangePreview } from '../src/subscriptions/preview.ts';
import type { Line } from '../src/subscriptions/work.ts';
import { Asset } from './asset.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';
import { SubscriptionWhen, subscriptionPayload } from './subscription-payload.ts';
import { SubscriptionChargeKind } from './subscription-period.ts';

export const CreditsOnChange = builder.enumType('CreditsOnChange', {
  description: 'What becomes of included credits when a plan changes within a period.',
  values: {
    KEEP: { description: 'What is left stays; those of the new plan come on top, in full.' },
    REPLACE_INCLUDED: {
      description:
        'What is left of the included ones is taken back; those of the new plan come instead, in full. What rolled over stays.',
    },
    PRORATE: {
      description:
        'By the share of the time that is left: what the new plan has more is given, what it has less is taken back as far as it is left. The default.',
    },
  },
});

const SUBSCRIPTION = 'Its TypeID.';
const REFUSALS = [
  'Invalid',
  'NotFound',
  'Conflict',
  'IdempotencyMismatch',
  'InsufficientFunds',
] as const;

const UpdateSeatsInput = builder.inputType('UpdateSeatsInput', {
  description: 'How many seats a subscription shall have.',
  fields: (t) => ({
    subscription: t.id({ required: true, description: SUBSCRIPTION }),
    seats: t.int({
      required: true,
      description:
        'Within what the plan allows, and not below those in use: each subject of usage in the period is one.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updateSeats', (t) =>
  t.field({
    type: resultOf(
      'UpdateSeatsResult',
      subscriptionPayload('UpdateSeatsPayload', 'It has so many seats now.'),
      REFUSALS,
    ),
    description:
      'Changes the seats of a subscription at once: what they cost more for the rest of the period is charged, what they cost less comes back as credit. A paused or past due one is a Conflict.',
    authScopes: { can: 'subscription:write' },
    args: { input: t.arg({ type: UpdateSeatsInput, required: true, description: 'How many.' }) },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.changePlan(viewerOf(context), 'updateSeats', {
        ...input,
        when: 'NOW',
      }),
  }),
);

const UpdateAddOnsInput = builder.inputType('UpdateAddOnsInput', {
  description: 'Which add-ons a subscription shall have.',
  fields: (t) => ({
    subscription: t.id({ required: true, description: SUBSCRIPTION }),
    addOns: t.stringList({
      required: true,
      description: 'Codes of all that it shall have; what is not here it has no longer.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updateAddOns', (t) =>
  t.field({
    type: resultOf(
      'UpdateAddOnsResult',
      subscriptionPayload('UpdateAddOnsPayload', 'It has these add-ons now.'),
      REFUSALS,
    ),
    description:
      'Adds and removes add-ons at once, by the share of the period that is left; a fee that comes once is charged whole.',
    authScopes: { can: 'subscription:write' },
    args: { input: t.arg({ type: UpdateAddOnsInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.changePlan(viewerOf(context), 'updateAddOns', {
        ...input,
        when: 'NOW',
      }),
  }),
);

const changed = (t: InputFields) => ({
  subscription: t.id({ required: true, description: SUBSCRIPTION }),
  plan: t.string({
    description:
      'The code or TypeID of a plan, which stands for its version published last, or the TypeID of a version. Left out: it stays.',
  }),
  seats: t.int({ description: 'Left out: as many as now. With NOW, not below those in use.' }),
  addOns: t.stringList({ description: 'Left out: those of now that the plan has, too.' }),
  when: t.field({ type: SubscriptionWhen, required: true, description: 'At once, or later.' }),
  credits: t.field({
    type: CreditsOnChange,
    description: 'PRORATE when left out. With NOW only: otherwise nothing is left of the period.',
  }),
});

type InputFields = Parameters<NonNullable<Parameters<typeof builder.inputType>[1]['fields']>>[0];

const ChangePlanInput = builder.inputType('ChangePlanInput', {
  description: 'What a subscription shall be on.',
  fields: (t) => ({
    ...changed(t),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('changePlan', (t) =>
  t.field({
    type: resultOf(
      'ChangePlanResult',
      subscriptionPayload('ChangePlanPayload', 'It is on the plan, or will be.'),
      REFUSALS,
    ),
    description:
      'Moves a subscription to another plan, or to another version of its own. At once: the difference for the rest of the period is charged or comes back as credit; a plan with other periods begins one now. Or when the period ends.',
    authScopes: { can: 'subscription:write' },
    args: { input: t.arg({ type: ChangePlanInput, required: true, description: 'To what.' }) },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.changePlan(viewerOf(context), 'changePlan', input),
  }),
);

const SubscriptionChangeInput = builder.inputType('SubscriptionChangeInput', {
  description: 'A change of a subscription.',
  fields: changed,
});

const PreviewLineKind = builder.enumType('PreviewLineKind', {
  description: 'What a change would book.',
  values: {
    CHARGED: { description: 'It would be paid from the wallet.' },
    GRANTED: { description: 'It would come into the wallet.' },
    TAKEN_BACK: { description: 'It would be taken out of what was given.' },
  },
});

export const PreviewLine = builder.objectRef<Line>('PreviewLine').implement({
  description: 'One thing that a change would book.',
  fields: (t) => ({
    kind: t.expose('kind', { type: PreviewLineKind, description: 'Which way.' }),
    amount: t.field({
      type: 'Decimal',
      description: 'Above zero.',
      resolve: (line) => (line.kind === 'CHARGED' ? line.fee.amount : line.amount),
    }),
    asset: t.field({
      type: Asset,
      description: 'What the amount counts.',
      resolve: ({ assetId }, _args, context) => context.loaders().assets.load(assetId),
    }),
    charge: t.field({
      type: SubscriptionChargeKind,
      nullable: true,
      description: 'What would be charged for; null for what is no charge.',
      resolve: (line) => (line.kind === 'CHARGED' ? line.fee.kind : null),
    }),
  }),
});

const SubscriptionChangePreview = builder
  .objectRef<ChangePreview>('SubscriptionChangePreview')
  .implement({
    description: 'What a change would do.',
    fields: (t) => ({
      lines: t.field({
        type: [PreviewLine],
        description: 'What would be booked at once, in order.',
        resolve: ({ lines }) => [...lines],
      }),
      nextAmount: t.field({
        type: 'Decimal',
        description: 'What the next period would cost besides usage; `0` for nothing.',
        resolve: ({ nextFees }) => nextFees.reduce((sum, { amount }) => sum + amount, 0n),
      }),
      nextAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When the next period would begin; null when none would.',
        resolve: ({ nextAt }) => nextAt,
      }),
      asset: t.field({
        type: Asset,
        nullable: true,
        description: 'What `nextAmount` counts; null for a plan that costs nothing but usage.',
        resolve: ({ assetId }, _args, context) =>
          assetId === null ? null : context.loaders().assets.load(assetId),
      }),
    }),
  });

builder.queryField('previewSubscriptionChange', (t) =>
  t.field({
    type: resultOf('PreviewSubscriptionChangeResult', SubscriptionChangePreview, REFUSALS),
    description:
      'What a change would cost and give now, or why it would be refused. It is made and undone: nothing is written. A customer token previews changes to what is for sale now; other plans and versions are a NotFound.',
    authScopes: { can: 'subscription:read' },
    args: {
      input: t.arg({ type: SubscriptionChangeInput, required: true, description: 'Which change.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.subscriptions.previewChange(viewerOf(context), input),
  }),
);
