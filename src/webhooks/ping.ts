import type { Viewer } from '../access/viewer.ts';
import type { Db } from '../infra/db.ts';
import { type Clock, SECOND_MS } from '../kit/clock.ts';
import { fromTypeId, type Id, newId } from '../kit/ids.ts';
import type { NotFound } from '../kit/refusal.ts';
import type { MakeAttempt } from './attempt.ts';
import { findEndpoint } from './find-endpoint.ts';
import { pingMessage } from './message.ts';
import { deliveryValues, INSERT_DELIVERY } from './sql/record-delivery.ts';
import { endpointNotFound } from './store.ts';

export interface DeliveryMade {
  readonly deliveryId: Id<'webhookDelivery'>;
}

export type PingWebhookEndpoint = (
  viewer: Viewer,
  input: { readonly endpoint: string },
) => Promise<DeliveryMade | NotFound>;

/** A request waits for it, and a process that stops waits for its requests, which is not to be for long. */
const MOST_MS = 5 * SECOND_MS;

/** Sends a test at once, beside the order of events, also to a disabled endpoint; nothing else changes by it. */
export function createPing(deps: {
  readonly db: Db;
  readonly clock: Clock;
  readonly makeAttempt: MakeAttempt;
  /** That of every attempt. */
  readonly timeoutMs: number | undefined;
}): PingWebhookEndpoint {
  const { db, clock, makeAttempt } = deps;
  const timeoutMs = Math.min(deps.timeoutMs ?? MOST_MS, MOST_MS);
  return async (viewer, input) => {
    const endpointId = fromTypeId('webhookEndpoint', input.endpoint);
    const endpoint = endpointId && (await findEndpoint(db.direct, endpointId));
    if (!endpoint || endpoint.organizationId !== viewer.organizationId) {
      return endpointNotFound(input.endpoint);
    }
    const deliveryId = newId('webhookDelivery');
    // The body is not stored: it is made again of what is.
    const at = clock.now();
    const message = pingMessage(deliveryId, endpoint.id, at);
    const { retryAfterMs: _, ...attempt } = await makeAttempt(endpoint, message, { timeoutMs });
    const row = {
      ...attempt,
      at,
      id: deliveryId,
      organizationId: endpoint.organizationId,
      endpointId: endpoint.id,
      kind: 'PING' as const,
      eventId: message.id,
      eventType: message.type,
      position: null,
      attempt: 1,
    };
    await db.direct.query(INSERT_DELIVERY, deliveryValues(row));
    return { deliveryId };
  };
}
