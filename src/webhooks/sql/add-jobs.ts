import type { Statement } from '../../infra/db.ts';

/** The tasks of this room, as the queue knows them. */
export const DELIVER = 'deliver_webhooks';
export const RESEND = 'resend_webhook';

/**
 * A call that adds a job of the endpoint in this column. Those of one endpoint run one after the other. An
 * endpoint notes itself that one waits, and the job takes the note away before it looks what there is: so
 * whoever comes later adds another, and nobody adds a second. The key of a job would be for that, but
 * whoever adds one under it in the moment in which the one before is taken adds nothing.
 */
export function addDelivery(id: string, runAt = 'now()'): string {
  return `(graphile_worker.add_job('${DELIVER}', json_build_object('endpointId', ${id}),
    queue_name => 'webhook:' || ${id}, run_at => ${runAt})).id`;
}

/** So many milliseconds from now. */
export function inMs(parameter: string): string {
  return `now() + ${parameter}::int8 * interval '1 millisecond'`;
}

const WANTS_JOB = `e.organization_id = ANY($1::uuid[]) AND e.disabled_at IS NULL AND NOT e.queued`;

/**
 * With events that get their place, in their transaction: for whoever may want them, but for those whom
 * somebody holds just now; answers how many these are. Parameter: organizations.
 */
export const QUEUE_DELIVERIES: Statement = {
  name: 'webhooks.queue_deliveries',
  text: `WITH due AS (
      UPDATE webhook_endpoints SET queued = true WHERE id IN (
        SELECT e.id FROM webhook_endpoints e WHERE ${WANTS_JOB} FOR UPDATE SKIP LOCKED)
      RETURNING id
    ), added AS (SELECT count(${addDelivery('due.id')}) AS count FROM due)
    SELECT ((SELECT count(*) FROM webhook_endpoints e WHERE ${WANTS_JOB}) - added.count)::int AS held
    FROM added`,
};

/** The same behind the commit, for whoever was held: waits for him. Parameter: organizations. */
export const QUEUE_HELD: Statement = {
  name: 'webhooks.queue_held',
  text: `WITH due AS (
      UPDATE webhook_endpoints e SET queued = true WHERE ${WANTS_JOB} RETURNING e.id
    )
    SELECT ${addDelivery('due.id')} FROM due`,
};

/** Parameters: endpoint; after how many milliseconds, if no job waits. */
export const QUEUE_ENDPOINT: Statement = {
  name: 'webhooks.queue_endpoint',
  text: `WITH due AS (
      UPDATE webhook_endpoints e SET queued = true WHERE e.id = $1::uuid AND NOT e.queued RETURNING e.id
    )
    SELECT ${addDelivery('due.id', inMs('$2'))} FROM due`,
};

/** At once, also when a job waits for its time. Parameter: endpoint. */
export const QUEUE_NOW: Statement = {
  name: 'webhooks.queue_now',
  text: `WITH due AS (
      UPDATE webhook_endpoints e SET queued = true WHERE e.id = $1::uuid RETURNING e.id
    )
    SELECT ${addDelivery('due.id')} FROM due`,
};

/** By the job, before it looks what there is. Parameter: endpoint. */
export const TAKE_UP: Statement = {
  name: 'webhooks.take_up',
  text: 'UPDATE webhook_endpoints SET queued = false WHERE id = $1::uuid AND queued',
};

/**
 * Whoever is behind and has no job: he was created while events got their place, or his job failed for
 * good. Who is locked is being seen to, and to wait for several could be to wait in a circle.
 */
export const QUEUE_LEFT_BEHIND: Statement = {
  name: 'webhooks.queue_left_behind',
  text: `WITH due AS (
      UPDATE webhook_endpoints SET queued = true WHERE id IN (
        SELECT e.id FROM webhook_endpoints e JOIN event_logs l ON l.organization_id = e.organization_id
        WHERE e.disabled_at IS NULL AND (e.position < l.last_position OR e.replay_until IS NOT NULL)
          AND NOT EXISTS (SELECT 1 FROM graphile_worker.jobs j
            WHERE j.queue_name = 'webhook:' || e.id AND j.attempts < j.max_attempts)
        FOR UPDATE OF e SKIP LOCKED)
      RETURNING id
    )
    SELECT ${addDelivery('due.id')} FROM due`,
};

/** One after the other in an organization, so that its receivers cannot keep others waiting. Parameters: delivery, organization. */
export const QUEUE_RESEND: Statement = {
  name: 'webhooks.queue_resend',
  text: `SELECT (graphile_worker.add_job('${RESEND}', json_build_object('deliveryId', $1::uuid),
    queue_name => 'resend:' || $2::uuid)).id`,
};
