import { builder } from './builder.ts';
import type { Context } from './context.ts';
import type { EventOf } from './event.ts';
import { eventType } from './event.ts';
import { viewerOf } from './scopes.ts';
import { WebhookDisabledReason, WebhookEndpoint } from './webhook-endpoint.ts';

const ENDPOINT = 'The endpoint, as it is now; null when it was deleted.';

type AboutEndpoint = EventOf<'webhook.disabled'> | EventOf<'webhook.events_lost'>;

function readEndpoint(context: Context, { fact }: AboutEndpoint, query: object) {
  return context.services.webhooks.readEndpoint(viewerOf(context), fact.endpointId, query);
}

builder.objectFields(
  eventType(
    'webhook.disabled',
    'Nothing more is sent to a webhook endpoint until it is enabled again: it answered 410, or failed for three days.',
  ),
  (t) => ({
    endpoint: t.prismaField({
      type: WebhookEndpoint,
      nullable: true,
      authScopes: { can: 'webhook:read' },
      description: ENDPOINT,
      resolve: (query, event, _args, context) => readEndpoint(context, event, query),
    }),
    reason: t.field({
      type: WebhookDisabledReason,
      description: 'Why.',
      resolve: ({ fact }) => fact.reason,
    }),
  }),
);

builder.objectFields(
  eventType(
    'webhook.events_lost',
    'Events were forgotten, by their age, before a webhook endpoint had been sent them; it goes on behind them.',
  ),
  (t) => ({
    endpoint: t.prismaField({
      type: WebhookEndpoint,
      nullable: true,
      authScopes: { can: 'webhook:read' },
      description: ENDPOINT,
      resolve: (query, event, _args, context) => readEndpoint(context, event, query),
    }),
    count: t.field({
      type: 'SafeInt',
      description: 'How many events, of whatever type.',
      resolve: ({ fact }) => fact.count,
    }),
  }),
);
