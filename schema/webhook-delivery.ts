import { toTypeId } from '../src/kit/ids.ts';
import { builder } from './builder.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';

const WebhookDeliveryKind = builder.enumType('WebhookDeliveryKind', {
  description: 'Why something was sent.',
  values: {
    EVENT: { description: 'It was next in the order.' },
    REPLAY: { description: 'You asked for a part of the log once more.' },
    RESEND: { description: 'You asked for this one once more.' },
    PING: { description: 'You asked for a test.' },
  },
});

const WebhookDeliveryStatus = builder.enumType('WebhookDeliveryStatus', {
  description: 'What came of a delivery.',
  values: {
    PENDING: { description: 'It is about to be sent.' },
    SUCCEEDED: { description: 'It was answered with a status from 200 to 299.' },
    FAILED: { description: 'It was not answered, or with another status.' },
  },
});

export const WebhookDelivery = builder.prismaObject('WebhookDelivery', {
  description: 'One attempt to send one event to one endpoint.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `whdl_01h455vb4pex5vsknk084sn02q`.',
      resolve: (delivery) => toTypeId('webhookDelivery', delivery.id),
    }),
    kind: t.expose('kind', { type: WebhookDeliveryKind, description: 'Why it was sent.' }),
    status: t.expose('status', { type: WebhookDeliveryStatus, description: 'What came of it.' }),
    eventId: t.exposeString('eventId', {
      description: 'The `webhook-id`: the id of the event, the same in every attempt.',
    }),
    eventType: t.exposeString('eventType', {
      description: 'As in the payload: `balance.changed`; `webhook.ping` for a test.',
    }),
    position: t.expose('position', {
      type: 'SafeInt',
      nullable: true,
      description: 'Of the event in your log; null for a test.',
    }),
    attempt: t.exposeInt('attempt', {
      description: 'Which attempt at the event it was, from 1.',
    }),
    url: t.exposeString('url', { description: 'Where it was sent.' }),
    requestHeaders: t.field({
      type: 'JSON',
      description: 'What was sent as headers, by name, without the signatures.',
      resolve: ({ requestHeaders }) => requestHeaders,
    }),
    requestBody: t.string({
      nullable: true,
      description: 'What was sent, as text; null when the event is no longer kept.',
      resolve: (delivery, _args, context) => context.loaders().sentBodies.load(delivery),
    }),
    responseStatus: t.exposeInt('responseStatus', {
      nullable: true,
      description: 'The HTTP status of the answer; null: there was none.',
    }),
    responseBody: t.exposeString('responseBody', {
      nullable: true,
      description: 'The answer, at most its first 4 KiB; null: there was none.',
    }),
    latencyMs: t.exposeInt('latencyMs', {
      nullable: true,
      description:
        'From the look-up of the host to the answer, in milliseconds; null: not sent yet.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it failed, in words; null when it did not.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was sent.' }),
  }),
});

registerNode('webhookDelivery', WebhookDelivery, (context, id) =>
  context.services.webhooks.readDelivery(viewerOf(context), id),
);
