import { builder } from './builder.ts';
import { eventType } from './event.ts';
import { viewerOf } from './scopes.ts';
import { WebhookDisabledReason, WebhookEndpoint } from './webhook-endpoint.ts';

function endpointEvent<Type extends 'webhook.disabled' | 'webhook.events_lost'>(
  type: Type,
  description: string,
) {
  const ref = eventType(type, description);
  builder.objectField(ref, 'endpoint', (t) =>
    t.prismaField({
      type: WebhookEndpoint,
      nullable: true,
      authScopes: { can: 'webhook:read' },
      description: 'The endpoint, as it is now; null when it was deleted.',
      resolve: (query, { fact }, _args, context) =>
        context.services.webhooks.readEndpoint(viewerOf(context), fact.endpointId, query),
    }),
  );
  return ref;
}

const WebhookDisabled = endpointEvent(
  'webhook.disabled',
  'Nothing more is sent to a webhook endpoint until it is enabled again: it answered 410, or failed for three days.',
);

builder.objectField(WebhookDisabled, 'reason', (t) =>
  t.field({
    type: WebhookDisabledReason,
    description: 'Why.',
    resolve: ({ fact }) => fact.reason,
  }),
);

const WebhookEventsLost = endpointEvent(
  'webhook.events_lost',
  'Events were forgotten, by their age, before a webhook endpoint had been sent them; it goes on behind them.',
);

builder.objectField(WebhookEventsLost, 'count', (t) =>
  t.field({
    type: 'SafeInt',
    description: 'How many events, of whatever type.',
    resolve: ({ fact }) => fact.count,
  }),
);
