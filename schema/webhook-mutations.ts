import { toTypeId } from '../src/kit/ids.ts';
import type { EndpointChanged } from '../src/webhooks/endpoints.ts';
import { builder } from './builder.ts';
import { resultOf } from './errors.ts';
import { EventType } from './event-type.ts';
import { IDEMPOTENCY_KEY } from './idempotency-key.ts';
import { viewerOf } from './scopes.ts';
import { WebhookSigning } from './webhook-endpoint.ts';
import { ENDPOINT_DESCRIPTION, endpointPayload, secretPayload } from './webhook-payloads.ts';

const CreateWebhookEndpointInput = builder.inputType('CreateWebhookEndpointInput', {
  description: 'A new endpoint. It gets what happens from now on.',
  fields: (t) => ({
    url: t.string({
      required: true,
      description:
        'Where to send events, at most 2048 characters: `https://example.com/webhooks`. Without user name or password, on the public internet.',
    }),
    types: t.field({
      type: [EventType],
      description: 'Which types of event it gets; all of them when left out or empty.',
    }),
    description: t.string({ description: 'What it is for, 1 to 255 characters.' }),
    signing: t.field({ type: WebhookSigning, description: 'HMAC when left out.' }),
    idempotencyKey: t.string({ description: `${IDEMPOTENCY_KEY} The secret is not among it.` }),
  }),
});

builder.mutationField('createWebhookEndpoint', (t) =>
  t.field({
    type: resultOf(
      'CreateWebhookEndpointResult',
      secretPayload('CreateWebhookEndpointPayload', 'The new endpoint and its secret.'),
      ['Invalid', 'Conflict', 'IdempotencyMismatch'],
    ),
    description: 'Creates an endpoint. Conflict: there are 16 already.',
    authScopes: { can: 'webhook:write' },
    args: {
      input: t.arg({
        type: CreateWebhookEndpointInput,
        required: true,
        description: 'The endpoint.',
      }),
    },
    resolve: (_root, { input }, context) =>
      context.services.webhooks.createWebhookEndpoint(viewerOf(context), input),
  }),
);

const WebhookResume = builder.enumType('WebhookResume', {
  description: 'Where an endpoint that is enabled goes on.',
  values: {
    WHERE_IT_STOPPED: { description: 'With what it has not had yet.' },
    NOW: {
      description:
        'With what happens from now on; what is before that is not sent, and a replay is over.',
    },
  },
});

const UpdateWebhookEndpointInput = builder.inputType('UpdateWebhookEndpointInput', {
  description: 'What to change of an endpoint; what is left out stays as it is.',
  fields: (t) => ({
    endpoint: t.id({ required: true, description: ENDPOINT_DESCRIPTION }),
    url: t.string({ description: 'Where to send events, as in createWebhookEndpoint.' }),
    types: t.field({
      type: [EventType],
      description: 'Which types of event it gets from now on; all of them when empty.',
    }),
    description: t.string({ description: 'What it is for, 1 to 255 characters; null clears it.' }),
    enabled: t.boolean({
      description:
        'False: nothing more is sent. True: it is sent to again, and what has failed is tried at once.',
    }),
    resumeFrom: t.field({
      type: WebhookResume,
      description: 'With `enabled: true`: where it goes on; WHERE_IT_STOPPED when left out.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('updateWebhookEndpoint', (t) =>
  t.field({
    type: resultOf(
      'UpdateWebhookEndpointResult',
      endpointPayload('UpdateWebhookEndpointPayload', 'The endpoint as it is now.'),
      ['Invalid', 'NotFound', 'IdempotencyMismatch'],
    ),
    description: 'Changes, disables or enables an endpoint.',
    authScopes: { can: 'webhook:write' },
    args: {
      input: t.arg({
        type: UpdateWebhookEndpointInput,
        required: true,
        description: 'What to change.',
      }),
    },
    resolve: (_root, { input }, context) =>
      context.services.webhooks.updateWebhookEndpoint(viewerOf(context), input),
  }),
);

const RotateWebhookSecretInput = builder.inputType('RotateWebhookSecretInput', {
  description: 'Which secret to replace.',
  fields: (t) => ({
    endpoint: t.id({ required: true, description: ENDPOINT_DESCRIPTION }),
    overlapSeconds: t.int({
      description:
        'For how many seconds the old secret signs too, 0 to 604800 (7 days); 86400 (a day) when left out.',
    }),
    idempotencyKey: t.string({ description: `${IDEMPOTENCY_KEY} The secret is not among it.` }),
  }),
});

builder.mutationField('rotateWebhookSecret', (t) =>
  t.field({
    type: resultOf(
      'RotateWebhookSecretResult',
      secretPayload('RotateWebhookSecretPayload', 'The endpoint and its new secret.'),
      ['Invalid', 'NotFound', 'IdempotencyMismatch'],
    ),
    description:
      'Replaces the secret of an endpoint. For a time deliveries carry the signatures of both, the new one and the one before it.',
    authScopes: { can: 'webhook:write' },
    args: {
      input: t.arg({ type: RotateWebhookSecretInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.webhooks.rotateWebhookSecret(viewerOf(context), input),
  }),
);

const DeleteWebhookEndpointInput = builder.inputType('DeleteWebhookEndpointInput', {
  description: 'Which endpoint to delete.',
  fields: (t) => ({
    endpoint: t.id({ required: true, description: ENDPOINT_DESCRIPTION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteWebhookEndpointPayload = builder
  .objectRef<EndpointChanged>('DeleteWebhookEndpointPayload')
  .implement({
    description: 'The endpoint that is no more.',
    fields: (t) => ({
      endpointId: t.id({
        description: 'Its id.',
        resolve: ({ endpointId }) => toTypeId('webhookEndpoint', endpointId),
      }),
    }),
  });

builder.mutationField('deleteWebhookEndpoint', (t) =>
  t.field({
    type: resultOf('DeleteWebhookEndpointResult', DeleteWebhookEndpointPayload, [
      'Invalid',
      'NotFound',
      'IdempotencyMismatch',
    ]),
    description: 'Deletes an endpoint; its deliveries can be read by their ids as long as events.',
    authScopes: { can: 'webhook:write' },
    args: {
      input: t.arg({ type: DeleteWebhookEndpointInput, required: true, description: 'Which.' }),
    },
    resolve: (_root, { input }, context) =>
      context.services.webhooks.deleteWebhookEndpoint(viewerOf(context), input),
  }),
);
