import type { HoldOutcome } from '../src/usage/holds/outcome.ts';
import { MAX_CAPTURED } from '../src/usage/holds/service.ts';
import { BalanceUpdate } from './balance.ts';
import { builder } from './builder.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { found } from './found.ts';
import { viewerOf } from './scopes.ts';
import { UsageRecorded } from './usage.ts';

const QUEUED =
  ' Answered after the commit. While the server takes no more, a request of such operations alone may get no data but the error OVERLOADED (HTTP 503, `retryable`).';

function holdPayload(name: string, description: string) {
  const ref = builder.objectRef<HoldOutcome>(name).implement({ description });
  builder.objectFields(ref, (t) => ({
    hold: t.prismaField({
      type: 'Hold',
      description: 'The hold, as it is now.',
      resolve: async (query, hold, _args, context) =>
        found(await context.services.ledger.findHoldByKey(viewerOf(context), hold, query)),
    }),
    balance: t.field({
      type: BalanceUpdate,
      description:
        'The wallet as of the commit that did it together with what else was waiting; as of now when nothing was written.',
      resolve: async ({ balance, walletId }, _args, context) =>
        balance ?? found((await context.services.ledger.readUpdates([walletId]))[0] ?? null),
    }),
  }));
  return ref;
}

const PlaceHoldInput = builder.inputType('PlaceHoldInput', {
  description:
    "What to set aside on a customer's `default` wallet: an `amount` of an `asset`, or what an estimated `quantity` of a `metric` costs now.",
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Whose value.' }),
    asset: t.string({
      description:
        'The code or TypeID of the asset. With a metric: only when it is priced in several.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'Above zero, in the asset; of general grants. Leave it out with a metric.',
    }),
    metric: t.string({
      description:
        'The code or TypeID of the metric that the work will be counted by; its grants come first.',
    }),
    quantity: t.field({
      type: 'Decimal',
      description: 'Above zero: how much of the metric the work may need; of events, how many.',
    }),
    properties: t.field({
      type: 'JSON',
      description:
        'What prices distinguish: `{ "model": "gpt-4o" }`. The quantity need not be among them.',
    }),
    ttlSeconds: t.int({ description: '1 to 86400, when it expires; 900 when left out.' }),
    maxCaptures: t.int({
      description:
        'The capture that closes it, whether or not that says `final`; any number when left out.',
    }),
    description: t.string({ description: 'For people; at most 500 characters.' }),
    metadata: t.field({ type: 'JSON', description: 'Your own data.' }),
    idempotencyKey: t.string({
      description:
        'Unique per customer for ever: the same key and input answer the first hold, whatever has become of it.',
    }),
  }),
});

const PlaceHoldPayload = holdPayload('PlaceHoldPayload', 'The value is set aside.');

builder.objectField(PlaceHoldPayload, 'created', (t) =>
  t.boolean({
    description: 'False when it was placed before under the same key.',
    resolve: ({ duplicate }) => !duplicate,
  }),
);

const CapturedEventInput = builder.inputType('CapturedEventInput', {
  description: 'One thing consumed, to be paid from a hold.',
  fields: (t) => ({
    eventId: t.string({
      required: true,
      description: 'Your id for it, unique per customer for ever; it makes a retry safe.',
    }),
    type: t.string({ required: true, description: 'What happened: `llm.request`.' }),
    subject: t.string({ description: 'Who or what within the customer.' }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it happened: up to 35 days back and 5 minutes ahead. Now when left out.',
    }),
    properties: t.field({
      type: 'JSON',
      description: 'What metrics count and prices distinguish.',
    }),
  }),
});

const CaptureHoldInput = builder.inputType('CaptureHoldInput', {
  description: 'What the work that a hold was placed for has really used.',
  fields: (t) => ({
    hold: t.id({ required: true, description: 'Its TypeID.' }),
    events: t.field({
      type: [CapturedEventInput],
      required: true,
      description: `1 to ${MAX_CAPTURED} events, all or nothing.`,
    }),
    final: t.boolean({
      defaultValue: true,
      description:
        'Whether it closes the hold, and what is left goes back to the grants it came from.',
    }),
  }),
});

const CaptureHoldPayload = holdPayload('CaptureHoldPayload', 'The usage is recorded and paid for.');

builder.objectFields(CaptureHoldPayload, (t) => ({
  events: t.field({
    type: [UsageRecorded],
    description: 'What became of each event, in order.',
    extensions: { rows: MAX_CAPTURED },
    resolve: ({ events }) => [...events],
  }),
  duplicate: t.exposeBoolean('duplicate', {
    description: 'True when all of it was captured before; nothing was written.',
  }),
  late: t.exposeBoolean('late', {
    description: 'True when the hold had expired, so that it was paid from what is there now.',
  }),
}));

const ExtendHoldInput = builder.inputType('ExtendHoldInput', {
  description: 'What shall be more of a hold. Nothing of it is ever made less, so a retry is safe.',
  fields: (t) => ({
    hold: t.id({ required: true, description: 'Its TypeID.' }),
    ttlSeconds: t.int({
      description: '1 to 86400 from now; a hold that lasts longer already stays as it is.',
    }),
    amount: t.field({
      type: 'Decimal',
      description:
        'What it shall set aside at least: it is topped up to this, and one that has more stays as it is.',
    }),
  }),
});

const ReleaseHoldInput = builder.inputType('ReleaseHoldInput', {
  description: 'A hold that is not needed any more.',
  fields: (t) => ({ hold: t.id({ required: true, description: 'Its TypeID.' }) }),
});

const ExtendHoldPayload = holdPayload('ExtendHoldPayload', 'The hold is extended.');
const ReleaseHoldPayload = holdPayload('ReleaseHoldPayload', 'The hold is released.');

const EVERY_REFUSAL = [
  'Invalid',
  'NotFound',
  'HoldClosed',
  'InsufficientFunds',
  'IdempotencyMismatch',
  'UnknownEventType',
  'PriceNotFound',
  'OutsideWindow',
  'Overloaded',
  'Conflict',
] as const;

builder.mutationFields((t) => ({
  placeHold: t.field({
    type: resultOf('PlaceHoldResult', PlaceHoldPayload, EVERY_REFUSAL),
    description: `Sets value aside before work begins, all or nothing.${QUEUED}`,
    authScopes: { can: 'hold:write' },
    extensions: { isQueued: true },
    args: { input: t.arg({ type: PlaceHoldInput, required: true, description: 'The hold.' }) },
    resolve: (_root, { input }, context) =>
      context.services.usage.holds.place(viewerOf(context), input),
  }),
  captureHold: t.field({
    type: resultOf('CaptureHoldResult', CaptureHoldPayload, EVERY_REFUSAL),
    description: `Records usage and pays it from a hold first, then from what else the wallet has. More than was set aside is paid if it is covered. A hold that has expired pays from what is there, marked late.${QUEUED}`,
    authScopes: { can: 'hold:write' },
    extensions: { isQueued: true },
    args: { input: t.arg({ type: CaptureHoldInput, required: true, description: 'The usage.' }) },
    resolve: (_root, { input }, context) =>
      context.services.usage.holds.capture(viewerOf(context), input),
  }),
  extendHold: t.field({
    type: resultOf('ExtendHoldResult', ExtendHoldPayload, EVERY_REFUSAL),
    description: `Makes a hold last longer, set more aside, or both.${QUEUED}`,
    authScopes: { can: 'hold:write' },
    extensions: { isQueued: true },
    args: { input: t.arg({ type: ExtendHoldInput, required: true, description: 'How.' }) },
    resolve: (_root, { input }, context) =>
      context.services.usage.holds.extend(viewerOf(context), input),
  }),
  releaseHold: t.field({
    type: resultOf('ReleaseHoldResult', ReleaseHoldPayload, EVERY_REFUSAL),
    description: `Gives what a hold has set aside back to the grants it came from. Releasing it again changes nothing.${QUEUED}`,
    authScopes: { can: 'hold:write' },
    extensions: { isQueued: true },
    args: { input: t.arg({ type: ReleaseHoldInput, required: true, description: 'Which.' }) },
    resolve: (_root, { input }, context) =>
      context.services.usage.holds.release(viewerOf(context), input),
  }),
}));
