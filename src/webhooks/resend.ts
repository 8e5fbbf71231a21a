import type { Viewer } from '../access/viewer.ts';
import type { Db, Statement } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import type { Clock } from '../kit/clock.ts';
import { newId } from '../kit/ids.ts';
import {
  type Conflict,
  conflict,
  type IdempotencyMismatch,
  type Invalid,
  isRefusal,
  type NotFound,
} from '../kit/refusal.ts';
import { eventAt } from '../live/event-log.ts';
import type { MakeAttempt } from './attempt.ts';
import { findEndpoint } from './find-endpoint.ts';
import type { MessageOf } from './message.ts';
import type { DeliveryMade } from './ping.ts';
import { QUEUE_RESEND } from './sql/add-jobs.ts';
import { deliveryValues, FINISH_DELIVERY, INSERT_DELIVERY } from './sql/record-delivery.ts';
import { resolveDelivery } from './store.ts';

export interface ResendWebhookDeliveryInput {
  /** A TypeID. */
  readonly delivery: string;
  readonly idempotencyKey?: string | null | undefined;
}

export interface Resend {
  /** Sends the event of a delivery again, beside the order; answers the delivery that it will be. */
  resendWebhookDelivery(
    viewer: Viewer,
    input: ResendWebhookDeliveryInput,
  ): Promise<DeliveryMade | Invalid | NotFound | Conflict | IdempotencyMismatch>;
  /** The job of it: one attempt. Does nothing when it was made. */
  resend(deliveryId: string, aborted: AbortSignal): Promise<void>;
}

interface Pending {
  readonly organizationId: string;
  readonly endpointId: string;
  readonly position: string;
}

const FIND_PENDING: Statement = {
  name: 'webhooks.find_pending',
  text: `SELECT organization_id::text AS "organizationId", endpoint_id::text AS "endpointId",
      position::text AS position
    FROM webhook_deliveries WHERE id = $1::uuid AND status = 'PENDING'`,
};

export function createResend(deps: {
  readonly db: Db;
  readonly clock: Clock;
  readonly messageOf: MessageOf;
  readonly makeAttempt: MakeAttempt;
}): Resend {
  const { db, clock, messageOf, makeAttempt } = deps;

  return {
    resendWebhookDelivery: (viewer, input) =>
      db.transaction((tx) => {
        const { organizationId } = viewer;
        const call = { organizationId, operation: 'resendWebhookDelivery', input };
        return once(tx, clock, call, async () => {
          const delivery = await resolveDelivery(tx, viewer, input.delivery);
          if (isRefusal(delivery)) return delivery;
          const { position, endpointId, eventId, eventType } = delivery;
          if (position === null)
            return conflict('delivery', 'A ping is not sent again: ping again.');
          const endpoint = await findEndpoint(tx, endpointId);
          if (!endpoint) return conflict('delivery', 'Its endpoint was deleted.');
          const event = await eventAt(tx, organizationId, Number(position));
          if (!event) return conflict('delivery', 'Its event was forgotten.');
          const id = newId('webhookDelivery');
          const what = { id, organizationId, endpointId, eventId, eventType, url: endpoint.url };
          await tx.query(
            INSERT_DELIVERY,
            deliveryValues({ ...what, ...PENDING, position: Number(position), at: clock.now() }),
          );
          await tx.query(QUEUE_RESEND, [id, viewer.organizationId]);
          return { deliveryId: id };
        });
      }),

    async resend(deliveryId, aborted) {
      const [pending] = await db.direct.query<Pending>(FIND_PENDING, [deliveryId]);
      if (!pending) return;
      const { organizationId, endpointId } = pending;
      const endpoint = await findEndpoint(db.direct, endpointId);
      const event = await eventAt(db.direct, organizationId, Number(pending.position));
      const outcome =
        endpoint && event
          ? await makeAttempt(endpoint, await messageOf(event), { aborted })
          : {
              ...PENDING,
              status: 'FAILED',
              url: endpoint?.url ?? '',
              error: 'Its endpoint or its event is no longer there.',
            };
      await db.direct.query(FINISH_DELIVERY, [
        deliveryId,
        outcome.status,
        JSON.stringify(outcome.requestHeaders),
        outcome.url,
        outcome.responseStatus,
        outcome.responseBody,
        outcome.latencyMs,
        outcome.error,
      ]);
    },
  };
}

const PENDING = {
  kind: 'RESEND',
  status: 'PENDING',
  attempt: 1,
  requestHeaders: {},
  responseStatus: null,
  responseBody: null,
  latencyMs: null,
  error: null,
} as const;
