import type { ReplayBegun } from '../src/webhooks/replay.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';
import { deliveryPayload, ENDPOINT_DESCRIPTION, endpointPayload } from './webhook-payloads.ts';

const PingWebhookEndpointInput = builder.inputType('PingWebhookEndpointInput', {
  description: 'Which endpoint to test.',
  fields: (t) => ({ endpoint: t.id({ required: true, description: ENDPOINT_DESCRIPTION }) }),
});

builder.mutationField('pingWebhookEndpoint', (t) =>
  t.field({
    type: resultOf(
      'PingWebhookEndpointResult',
      deliveryPayload('PingWebhookEndpointPayload', 'The test and what came of it.'),
      ['NotFound'],
    ),
    description:
      'Sends a `webhook.ping` at once, beside the order, also to a disabled endpoint, and waits up to 5 seconds for the answer, where deliveries have 15. Nothing else changes by it.',
    authScopes: { can: 'webhook:write' },
    args: {
      input: t.arg({ type: PingWebhookEndpointInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.webhooks.pingWebhookEndpoint(viewerOf(context), input),
  }),
);

const ResendWebhookDeliveryInput = builder.inputType('ResendWebhookDeliveryInput', {
  description: 'Which delivery to send again.',
  fields: (t) => ({
    delivery: t.id({ required: true, description: 'The id of the delivery: `whdl_...`.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('resendWebhookDelivery', (t) =>
  t.field({
    type: resultOf(
      'ResendWebhookDeliveryResult',
      deliveryPayload('ResendWebhookDeliveryPayload', 'The delivery that it will be, PENDING.'),
      ['Invalid', 'NotFound', 'Conflict', 'IdempotencyMismatch'],
    ),
    description:
      'Sends the event of a delivery to its endpoint again, once, beside the order, also to a disabled one. Conflict: it was a test, or the event or the endpoint is no longer there.',
    authScopes: { can: 'webhook:write' },
    args: {
      input: t.arg({ type: ResendWebhookDeliveryInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.webhooks.resendWebhookDelivery(viewerOf(context), input),
  }),
);

const ReplayWebhookEventsInput = builder.inputType('ReplayWebhookEventsInput', {
  description: 'Which part of the log to send again, its ends included. Name the beginning.',
  fields: (t) => ({
    endpoint: t.id({ required: true, description: ENDPOINT_DESCRIPTION }),
    from: t.field({
      type: 'DateTime',
      description: 'From the events of this instant on, and of up to 5 seconds before.',
    }),
    to: t.field({
      type: 'DateTime',
      description: 'Up to the events before this instant, and of up to 5 seconds after.',
    }),
    fromPosition: t.field({
      type: 'SafeInt',
      description: 'The first position, instead of `from`.',
    }),
    toPosition: t.field({ type: 'SafeInt', description: 'The last position, instead of `to`.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const ReplayWebhookEventsPayload = endpointPayload<ReplayBegun>(
  'ReplayWebhookEventsPayload',
  'The replay that has begun.',
);

builder.objectFields(ReplayWebhookEventsPayload, (t) => ({
  fromPosition: t.expose('fromPosition', {
    type: 'SafeInt',
    description: 'The first position that is sent again, if the endpoint wants its type.',
  }),
  toPosition: t.expose('toPosition', { type: 'SafeInt', description: 'The last one.' }),
}));

builder.mutationField('replayWebhookEvents', (t) =>
  t.field({
    type: resultOf('ReplayWebhookEventsResult', ReplayWebhookEventsPayload, [
      'Invalid',
      'NotFound',
      'Conflict',
      'IdempotencyMismatch',
    ]),
    description:
      'Sends a part of the log to an endpoint once more, in order and by its types, before it goes on with what is new; what it has not had yet is not part of it. Conflict: another replay is not over; `resumeFrom: NOW` ends it.',
    authScopes: { can: 'webhook:write' },
    args: {
      input: t.arg({ type: ReplayWebhookEventsInput, required: true, description: 'Which part.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.webhooks.replayWebhookEvents(viewerOf(context), input),
  }),
);
