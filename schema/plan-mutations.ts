import type { PlanArchived } from '../src/catalog/plans/archive.ts';
import type { PlanDraftDiscarded } from '../src/catalog/plans/discard-draft.ts';
import type { PlanPublished } from '../src/catalog/plans/publish.ts';
import type { PlanDraftSaved } from '../src/catalog/plans/save-draft.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { PlanDefinitionInput } from './plan-input.ts';
import { planPayload, planVersionPayload } from './plan-payload.ts';
import { viewerOf } from './scopes.ts';

const PLAN = 'The code or the id of the plan.';

export const SavePlanDraftInput = builder.inputType('SavePlanDraftInput', {
  description: 'What a plan shall say.',
  fields: (t) => ({
    code: t.string({
      required: true,
      description:
        'The code of the plan, which is made when it is not there yet: a letter, then up to 63 letters, digits or any of `_ . : -`.',
    }),
    name: t.string({
      description: 'At most 255 characters. Left out: it stays, and is the code of a new plan.',
    }),
    description: t.string({
      description: 'At most 1000 characters. Left out: it stays; null takes it away.',
    }),
    definition: t.field({
      type: PlanDefinitionInput,
      required: true,
      description: 'What it says, whole: what is left out here is not in the draft.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const SavePlanDraftPayload = planVersionPayload<PlanDraftSaved>(
  'SavePlanDraftPayload',
  'The plan and what it says.',
  'Its draft; or what was published last, when that says the same already.',
);
builder.objectField(SavePlanDraftPayload, 'changed', (t) =>
  t.exposeBoolean('changed', { description: 'False when everything was so already.' }),
);

builder.mutationField('savePlanDraft', (t) =>
  t.field({
    type: resultOf('SavePlanDraftResult', SavePlanDraftPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Makes a plan say something from its next version on: replaces its draft whole, or makes one. When what was published last says it already there is no draft afterwards. Nothing holds before `publishPlan`, but a name and a description at once. Conflict: the plan is archived.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: SavePlanDraftInput, required: true, description: 'The plan.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.plans.savePlanDraft(viewerOf(context), input),
  }),
);

const PublishPlanInput = builder.inputType('PublishPlanInput', {
  description: 'Which draft becomes a version.',
  fields: (t) => ({
    plan: t.string({ required: true, description: PLAN }),
    number: t.int({
      description:
        'The number of the draft that you have seen; another one is a Conflict. Left out: whichever there is.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const PublishPlanPayload = planVersionPayload<PlanPublished>(
  'PublishPlanPayload',
  'The plan and its version.',
  'What new subscribers get from now on.',
);
builder.objectField(PublishPlanPayload, 'published', (t) =>
  t.exposeBoolean('published', {
    description: 'False when it had been published already and there was no draft.',
  }),
);

builder.mutationField('publishPlan', (t) =>
  t.field({
    type: resultOf('PublishPlanResult', PublishPlanPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Makes the draft of a plan the version that new subscribers get; it never changes from then on. Who is on the plan stays on the version that he has. An empty draft is refused as VALIDATION_FAILED. Conflict: the plan is archived, or has another number.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: PublishPlanInput, required: true, description: 'The draft.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.plans.publishPlan(viewerOf(context), input),
  }),
);

const DiscardPlanDraftInput = builder.inputType('DiscardPlanDraftInput', {
  description: 'Which draft is thrown away.',
  fields: (t) => ({
    plan: t.string({ required: true, description: PLAN }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DiscardPlanDraftPayload = planPayload<PlanDraftDiscarded>(
  'DiscardPlanDraftPayload',
  'The plan without its draft.',
);
builder.objectField(DiscardPlanDraftPayload, 'discarded', (t) =>
  t.exposeBoolean('discarded', { description: 'False when it had no draft.' }),
);

builder.mutationField('discardPlanDraft', (t) =>
  t.field({
    type: resultOf('DiscardPlanDraftResult', DiscardPlanDraftPayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description: 'Throws the draft of a plan away; what was published stays.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: DiscardPlanDraftInput, required: true, description: 'The draft.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.plans.discardPlanDraft(viewerOf(context), input),
  }),
);

const ArchivePlanInput = builder.inputType('ArchivePlanInput', {
  description: 'Which plan is no longer offered.',
  fields: (t) => ({
    plan: t.string({ required: true, description: PLAN }),
    archived: t.boolean({
      description: 'False offers it again; true when left out.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const ArchivePlanPayload = planPayload<PlanArchived>('ArchivePlanPayload', 'The plan.');

builder.mutationField('archivePlan', (t) =>
  t.field({
    type: resultOf('ArchivePlanResult', ArchivePlanPayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description:
      'Takes a plan out of what is offered: nobody new may subscribe. Who is on it stays on it. Archiving it again changes nothing.',
    authScopes: { can: 'catalog:write' },
    args: {
      input: t.arg({ type: ArchivePlanInput, required: true, description: 'The plan.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.catalog.plans.archivePlan(viewerOf(context), input),
  }),
);
