import { ofVisibleCustomers } from '../src/access/viewer.ts';
import { createChecker } from '../src/kit/check.ts';
import { toTypeId } from '../src/kit/ids.ts';
import { isRefusal } from '../src/kit/refusal.ts';
import type { Recorded } from '../src/usage/event.ts';
import { MAX_EVENTS } from '../src/usage/record.ts';
import type { BatchOutcome } from '../src/usage/service.ts';
import { BalanceUpdate } from './balance.ts';
import { builder } from './builder.ts';
import { Charge } from './charge.ts';
import { withinReach } from './cursor.ts';
import { CustomerRef } from './customer.ts';
import { resultOf } from './errors.ts';
import { badUserInput } from './faults.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

export const UsageEvent = builder.prismaObject('UsageEvent', {
  description: 'One thing consumed, as you reported it, and what it cost: "explain this charge".',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `event_01h455vb4pex5vsknk084sn02q`.',
      resolve: (event) => toTypeId('usageEvent', event.id),
    }),
    eventId: t.exposeString('eventId', {
      description: 'Your id for it, unique per customer for ever.',
    }),
    type: t.exposeString('type', { description: 'What happened: `llm.request`.' }),
    subject: t.exposeString('subject', {
      nullable: true,
      description: 'Who or what within the customer.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'When it happened; decides the rate and which grants may pay.',
    }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When it was reported.' }),
    properties: t.expose('properties', { type: 'JSON', description: 'As reported.' }),
    customer: t.relation('customer', {
      description: 'Who consumed.',
      authScopes: { can: 'customer:read' },
    }),
    charges: t.field({
      type: [Charge],
      description: 'What it cost, one per price; empty when it was free.',
      resolve: (event, _args, context) => context.loaders().charges.load(event.id),
    }),
  }),
});

registerNode('usageEvent', UsageEvent, (context, id) =>
  context.services.usage.findEvent(viewerOf(context), id),
);

const UsageEventFilter = builder.inputType('UsageEventFilter', {
  description: 'Which events to list; everything that is given must hold.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, description: 'Who consumed.' }),
    type: t.string({ description: 'Exactly this type.' }),
    subject: t.string({ description: 'Exactly this subject.' }),
    eventId: t.string({ description: 'Exactly this id of yours.' }),
    occurredFrom: t.field({ type: 'DateTime', description: 'At or after.' }),
    occurredBefore: t.field({ type: 'DateTime', description: 'Before.' }),
  }),
});

builder.queryFields((t) => ({
  usageEvents: t.prismaConnection({
    type: 'UsageEvent',
    cursor: 'id_customerId',
    extensions: { cursors: 'idAndCustomer' },
    description:
      'Recorded events, the latest received first. A customer that is not there has none; a time that is not RFC 3339 is a BAD_USER_INPUT error.',
    authScopes: { can: 'usage:read' },
    args: {
      filter: t.arg({ type: UsageEventFilter, description: 'Which events; all when left out.' }),
    },
    resolve: async (query, _root, { filter }, context) => {
      const viewer = viewerOf(context);
      const { customers, usage } = context.services;
      const customerId = filter?.customer
        ? await customers.resolveCustomer(viewer, filter.customer)
        : null;
      if (isRefusal(customerId)) return [];
      const check = createChecker();
      const wanted = {
        customerId,
        type: filter?.type ?? null,
        subject: filter?.subject ?? null,
        eventId: filter?.eventId ?? null,
        occurredFrom: check.instant('filter.occurredFrom', filter?.occurredFrom),
        occurredBefore: check.instant('filter.occurredBefore', filter?.occurredBefore),
      };
      const fault = check.fault();
      if (fault) throw badUserInput(fault);
      return usage.listEvents(viewer, wanted, withinReach(query, ofVisibleCustomers(viewer)));
    },
  }),
}));

const UsageEventInput = builder.inputType('UsageEventInput', {
  description: 'One thing consumed.',
  fields: (t) => ({
    customer: t.field({ type: CustomerRef, required: true, description: 'Who consumed.' }),
    eventId: t.string({
      required: true,
      description:
        'Your id for it, unique per customer for ever; 1 to 255 characters. Derive it from what happened (a request id), never from the clock: then a retry is safe at any time.',
    }),
    type: t.string({
      required: true,
      description: 'What happened: `llm.request`. Metrics count by it.',
    }),
    subject: t.string({ description: 'Who or what within the customer: a user, a project.' }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it happened: up to 35 days back and 5 minutes ahead. Now when left out.',
    }),
    properties: t.field({
      type: 'JSON',
      description:
        'What metrics count and prices distinguish: `{ "model": "gpt-4o", "input_tokens": 374 }`. Quantities are numbers or plain decimal strings; a number of more than 15 digits that is not whole is refused, for JSON does not keep it exactly.',
    }),
    holdId: t.id({
      description:
        'The TypeID of a hold of this customer: what it costs is paid from the hold first, which stays open.',
    }),
  }),
});

export const UsageRecorded = builder.objectRef<Recorded>('UsageRecorded').implement({
  description: 'The event is stored and paid for.',
  fields: (t) => ({
    event: t.field({
      type: UsageEvent,
      description: 'The event.',
      resolve: ({ event }) => event as never,
    }),
    duplicate: t.exposeBoolean('duplicate', {
      description: 'True when it was recorded before with the same content; nothing was written.',
    }),
    throttled: t.exposeBoolean('throttled', {
      description:
        'True when what it cost left a THROTTLE wallet in debt: serve this customer in the slow lane. False for what cost nothing, and for a duplicate that was recorded earlier.',
    }),
    charges: t.field({
      type: [Charge],
      description: 'What it cost, one per price; empty when it was free.',
      // Known at once for what was recorded just now, and then nothing is waited for.
      resolve: ({ event, charges }, _args, context) =>
        charges ?? context.loaders().charges.load(event.id),
    }),
    balances: t.field({
      type: [BalanceUpdate],
      description:
        'The wallets it drew on, as of the commit that paid for it together with what else was waiting; of a duplicate, as of now.',
      resolve: ({ event, balances }, _args, context) =>
        balances ?? context.loaders().balancesOfEvent(event.id),
    }),
  }),
});

const RecordUsageResult = resultOf('RecordUsageResult', UsageRecorded, [
  'InsufficientFunds',
  'IdempotencyMismatch',
  'NotFound',
  'Invalid',
  'HoldClosed',
  'UnknownEventType',
  'PriceNotFound',
  'OutsideWindow',
  'Overloaded',
  'Conflict',
]);

const RecordUsageBatchInput = builder.inputType('RecordUsageBatchInput', {
  description: 'Events to record together.',
  fields: (t) => ({
    events: t.field({
      type: [UsageEventInput],
      required: true,
      description:
        '1 to 1000 events. Each has its own outcome; one that is refused stops no other.',
    }),
  }),
});

const RecordUsageBatchPayload = builder
  .objectRef<BatchOutcome>('RecordUsageBatchPayload')
  .implement({
    description: 'What became of each event.',
    fields: (t) => ({
      outcomes: t.field({
        type: [RecordUsageResult],
        description: 'One per event, in order.',
        // What the limit on rows counts it as: as many as one batch may have.
        extensions: { rows: MAX_EVENTS },
        resolve: ({ outcomes }) => outcomes,
      }),
      recorded: t.exposeInt('recorded', { description: 'How many are recorded now.' }),
      duplicates: t.exposeInt('duplicates', { description: 'How many had been recorded before.' }),
      refused: t.exposeInt('refused', { description: 'How many were refused.' }),
    }),
  });

builder.mutationFields((t) => ({
  recordUsage: t.field({
    type: RecordUsageResult,
    description:
      'Records one event, rates it, and draws what it costs, all or nothing. Answered after the commit. While the server takes no more, a request that only records usage may get no data but the error OVERLOADED (HTTP 503, `retryable`).',
    authScopes: { can: 'usage:write' },
    extensions: { isQueued: true },
    args: { input: t.arg({ type: UsageEventInput, required: true, description: 'The event.' }) },
    resolve: (_root, { input }, context) => context.services.usage.record(viewerOf(context), input),
  }),
  recordUsageBatch: t.field({
    type: resultOf('RecordUsageBatchResult', RecordUsageBatchPayload, ['Invalid']),
    description:
      'Records up to 1000 events, each with its own outcome, in order. While the server takes no more, a request that only records usage may get no data but the error OVERLOADED (HTTP 503, `retryable`).',
    authScopes: { can: 'usage:write' },
    extensions: { isQueued: true },
    args: {
      input: t.arg({ type: RecordUsageBatchInput, required: true, description: 'The events.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.usage.recordBatch(viewerOf(context), input.events),
  }),
}));
