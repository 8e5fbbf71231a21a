import { inOrganization } from '../src/access/viewer.ts';
import { toTypeId } from '../src/kit/ids.ts';
import type { EventType as Type } from '../src/live/event.ts';
import { publicKeyOf } from '../src/webhooks/signing.ts';
import { builder } from './builder.ts';
import { withinReach } from './cursor.ts';
import { EventType } from './event-type.ts';
import { Node, registerNode } from './node.ts';
import { viewerOf } from './scopes.ts';
import { WebhookDelivery } from './webhook-delivery.ts';

export const WebhookSigning = builder.enumType('WebhookSigning', {
  description: 'How deliveries are signed; both as Standard Webhooks 1.0.0 says.',
  values: {
    HMAC: { description: 'HMAC-SHA256 with a secret that both sides know: `v1`, `whsec_...`.' },
    ED25519: {
      description: 'Ed25519 with a private key that only the server has: `v1a`, `whpk_...`.',
    },
  },
});

export const WebhookDisabledReason = builder.enumType('WebhookDisabledReason', {
  description: 'Why nothing is sent to an endpoint.',
  values: {
    MERCHANT: { description: 'You disabled it.' },
    GONE: { description: 'It answered with status 410.' },
    FAILING: { description: 'The same event failed for three days.' },
  },
});

export const WebhookEndpoint = builder.prismaObject('WebhookEndpoint', {
  description:
    'Where your events are sent, one after the other, in the order of your event log. What fails is tried again for three days, and what is behind it waits.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      description: 'A TypeID: `whep_01h455vb4pex5vsknk084sn02q`.',
      resolve: (endpoint) => toTypeId('webhookEndpoint', endpoint.id),
    }),
    url: t.exposeString('url', { description: 'Where to: `https://example.com/webhooks`.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What it is for, in your words.',
    }),
    types: t.field({
      type: [EventType],
      description: 'The types of event that it gets; empty: all of them.',
      resolve: (endpoint) => endpoint.types as Type[],
    }),
    signing: t.expose('signing', { type: WebhookSigning, description: 'How it is signed.' }),
    publicKey: t.string({
      nullable: true,
      description: 'What verifies its signatures, `whpk_...`, for ED25519; null for HMAC.',
      resolve: (endpoint) => publicKeyOf(endpoint.secret),
    }),
    enabled: t.boolean({
      description: 'Whether anything is sent to it.',
      resolve: (endpoint) => endpoint.disabledAt === null,
    }),
    disabledReason: t.expose('disabledReason', {
      type: WebhookDisabledReason,
      nullable: true,
      description: 'Why nothing is sent; null while it is enabled.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when nothing is sent; null while it is enabled.',
    }),
    failedAttempts: t.exposeInt('failedAttempts', {
      description: 'How often the event that is next has failed; 0: none has.',
    }),
    nextAttemptAt: t.expose('retryAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the event that failed is tried again; null: none has failed.',
    }),
    position: t.expose('position', {
      type: 'SafeInt',
      description: 'Of the last event in your log that it is done with.',
    }),
    replayUntil: t.expose('replayUntil', {
      type: 'SafeInt',
      nullable: true,
      description: 'Up to which position a replay still goes; null: there is none.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When you changed it last.',
    }),
    deliveries: t.prismaConnection(
      {
        type: WebhookDelivery,
        cursor: 'id',
        description:
          'Every attempt to deliver something to it, newest first; kept as long as the event log, 30 days unless the server is told otherwise.',
        resolve: (query, endpoint, _args, context) =>
          context.services.webhooks.listDeliveries(
            viewerOf(context),
            endpoint.id,
            withinReach(query, inOrganization(viewerOf(context))),
          ),
      },
      { description: 'A page of deliveries.' },
      { description: 'A delivery and its place in the list.' },
    ),
  }),
});

registerNode('webhookEndpoint', WebhookEndpoint, (context, id) =>
  context.services.webhooks.readEndpoint(viewerOf(context), id),
);

builder.prismaObjectField(WebhookDelivery, 'endpoint', (t) =>
  t.prismaField({
    type: WebhookEndpoint,
    nullable: true,
    description: 'Where it was sent; null when that was deleted.',
    resolve: (query, { endpointId }, _args, context) =>
      context.services.webhooks.readEndpoint(viewerOf(context), endpointId, query),
  }),
);

builder.queryField('webhookEndpoints', (t) =>
  t.prismaConnection(
    {
      type: WebhookEndpoint,
      cursor: 'id',
      description: 'The webhook endpoints of the organization, newest first.',
      authScopes: { can: 'webhook:read' },
      resolve: (query, _root, _args, context) =>
        context.services.webhooks.listEndpoints(
          viewerOf(context),
          withinReach(query, inOrganization(viewerOf(context))),
        ),
    },
    { description: 'A page of endpoints.' },
    { description: 'An endpoint and its place in the list.' },
  ),
);
