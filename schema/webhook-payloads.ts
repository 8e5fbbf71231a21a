import type { EndpointChanged, EndpointWithSecret } from '../src/webhooks/endpoints.ts';
import type { DeliveryMade } from '../src/webhooks/ping.ts';
import { builder } from './builder.ts';
import { found } from './found.ts';
import { viewerOf } from './scopes.ts';
import { WebhookDelivery } from './webhook-delivery.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';

export const ENDPOINT_DESCRIPTION = 'The id of the endpoint: `whep_...`.';
const SECRET_DESCRIPTION =
  'What verifies the signatures: `whsec_...`. Store it now: it is never shown again. Null for ED25519, see `publicKey`, and when a repeat with the same idempotencyKey is answered.';

/** The endpoint of a payload, as it is now. */
export function endpointPayload<Payload extends EndpointChanged>(
  name: string,
  description: string,
) {
  const ref = builder.objectRef<Payload>(name).implement({ description });
  builder.objectField(ref, 'endpoint', (t) =>
    t.prismaField({
      type: WebhookEndpoint,
      description: 'The endpoint.',
      resolve: async (query, { endpointId }, _args, context) =>
        found(await context.services.webhooks.readEndpoint(viewerOf(context), endpointId, query)),
    }),
  );
  return ref;
}

/** An endpoint and the secret that was made for it. */
export function secretPayload(name: string, description: string) {
  const ref = endpointPayload<EndpointWithSecret>(name, description);
  builder.objectField(ref, 'secret', (t) =>
    t.exposeString('secret', { nullable: true, description: SECRET_DESCRIPTION }),
  );
  return ref;
}

/** The delivery that an operation has made. */
export function deliveryPayload(name: string, description: string) {
  return builder.objectRef<DeliveryMade>(name).implement({
    description,
    fields: (t) => ({
      delivery: t.prismaField({
        type: WebhookDelivery,
        description: 'The delivery.',
        resolve: async (query, { deliveryId }, _args, context) =>
          found(await context.services.webhooks.readDelivery(viewerOf(context), deliveryId, query)),
      }),
    }),
  });
}
