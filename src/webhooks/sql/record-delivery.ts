import type { Statement } from '../../infra/db.ts';
import type { Attempt } from '../attempt.ts';
import { addDelivery, inMs } from './add-jobs.ts';

/** A row of the log of deliveries. */
export interface DeliveryRow extends Omit<Attempt, 'status' | 'latencyMs' | 'retryAfterMs'> {
  readonly id: string;
  readonly organizationId: string;
  readonly endpointId: string;
  readonly kind: 'EVENT' | 'REPLAY' | 'RESEND' | 'PING';
  readonly eventId: string;
  readonly eventType: string;
  readonly position: number | null;
  readonly attempt: number;
  readonly status: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  readonly latencyMs: number | null;
}

/** Takes the first sixteen parameters of a statement: see `deliveryValues`. */
const INSERT = `INSERT INTO webhook_deliveries (id, organization_id, endpoint_id, kind, event_id, event_type,
    position, attempt, status, url, request_headers, response_status, response_body, latency_ms, error,
    created_at)
  VALUES ($1::uuid, $2::uuid, $3::uuid, $4::webhook_delivery_kind, $5, $6, $7::int8, $8::int4,
    $9::webhook_delivery_status, $10, $11::jsonb, $12::int4, $13, $14::int4, $15, $16::timestamptz)`;

export function deliveryValues(row: DeliveryRow): unknown[] {
  return [
    row.id,
    row.organizationId,
    row.endpointId,
    row.kind,
    row.eventId,
    row.eventType,
    row.position,
    row.attempt,
    row.status,
    row.url,
    JSON.stringify(row.requestHeaders),
    row.responseStatus,
    row.responseBody,
    row.latencyMs,
    row.error,
    row.at,
  ];
}

export const INSERT_DELIVERY: Statement = { name: 'webhooks.insert_delivery', text: INSERT };

/** Where an endpoint is on its track; whoever finds it elsewhere changes nothing. */
const IS_AT = (isReplay: string, from: string) =>
  `(CASE WHEN ${isReplay}::bool THEN e.replay_position ELSE e.position END) = ${from}::int8`;

/** Moves an endpoint on, which has nothing left to try again then. A replay ends where it was to end. */
function move(id: string, isReplay: string, from: string, to: string): string {
  const isOver = `${isReplay}::bool AND ${to}::int8 >= e.replay_until`;
  return `UPDATE webhook_endpoints e SET failed_attempts = 0, retry_at = NULL,
      position = CASE WHEN ${isReplay}::bool THEN e.position ELSE ${to}::int8 END,
      replay_position = CASE WHEN ${isOver} THEN NULL WHEN ${isReplay}::bool THEN ${to}::int8
        ELSE e.replay_position END,
      replay_until = CASE WHEN ${isOver} THEN NULL ELSE e.replay_until END
    WHERE e.id = ${id}::uuid AND ${IS_AT(isReplay, from)}
    RETURNING e.id`;
}

/** Past what the endpoint does not want. Parameters: endpoint, whether it is a replay, from, to. */
export const MOVE_ON: Statement = {
  name: 'webhooks.move_on',
  text: move('$1', '$2', '$3', '$4'),
};

/** Keeps a delivery that succeeded and moves its endpoint past the event: 17: replay, 18: from, 19: to. */
export const RECORD_SUCCESS: Statement = {
  name: 'webhooks.record_success',
  text: `WITH kept AS (${INSERT}) ${move('$3', '$17', '$18', '$19')}`,
};

/**
 * Keeps a delivery that failed, and says when it is tried again: 17: replay, 18: from, 19: at, 20: after
 * how many milliseconds. A job that waits already will find out when.
 */
export const RECORD_FAILURE: Statement = {
  name: 'webhooks.record_failure',
  text: `WITH kept AS (${INSERT}), failed AS (
      UPDATE webhook_endpoints e SET failed_attempts = e.failed_attempts + 1, retry_at = $19::timestamptz,
        queued = true
      FROM (SELECT id, queued FROM webhook_endpoints WHERE id = $3::uuid FOR UPDATE) before
      WHERE e.id = before.id AND e.disabled_at IS NULL AND ${IS_AT('$17', '$18')}
      RETURNING e.id, before.queued
    )
    SELECT ${addDelivery('failed.id', inMs('$20'))} FROM failed WHERE NOT failed.queued`,
};

/** Keeps a delivery after which nothing more is sent: 17: replay, 18: from, 19: reason. */
export const RECORD_LAST_FAILURE: Statement = {
  name: 'webhooks.record_last_failure',
  text: `WITH kept AS (${INSERT})
    UPDATE webhook_endpoints e SET failed_attempts = e.failed_attempts + 1, retry_at = NULL,
      disabled_reason = $19::webhook_disabled_reason, disabled_at = $16::timestamptz
    WHERE e.id = $3::uuid AND e.disabled_at IS NULL AND ${IS_AT('$17', '$18')}
    RETURNING e.id`,
};

/** Fills in what came of a delivery that was pending. */
export const FINISH_DELIVERY: Statement = {
  name: 'webhooks.finish_delivery',
  text: `UPDATE webhook_deliveries SET status = $2::webhook_delivery_status, request_headers = $3::jsonb,
      url = $4, response_status = $5::int4, response_body = $6, latency_ms = $7::int4, error = $8
    WHERE id = $1::uuid`,
};
