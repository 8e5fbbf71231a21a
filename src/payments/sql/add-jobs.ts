import type { Statement } from '../../infra/db.ts';

/** The tasks of this room, as the queue knows them. */
export const HANDLE_EVENT = 'handle_payment_event';
export const EMIT_EVENT = 'emit_payment_event';
export const APPLY_CHANGE = 'apply_paid_change';
export const CHARGE_PAYMENT = 'charge_payment';

/** The change of a subscription that is paid for: with what is credited, in its transaction. Parameters: payment, customer. */
export const QUEUE_CHANGE: Statement = {
  name: 'payments.queue_change',
  text: `SELECT (graphile_worker.add_job('${APPLY_CHANGE}',
    json_build_object('id', $1::uuid, 'customerId', $2::uuid))).id`,
};

/** An event that has come in, and that shall be looked at: with its row, in its transaction. Parameter: event. */
export const QUEUE_EVENT: Statement = {
  name: 'payments.queue_event',
  text: `SELECT (graphile_worker.add_job('${HANDLE_EVENT}', json_build_object('eventId', $1::uuid))).id`,
};

/** An event of a provider that is part of the product. Parameters: provider, type, object, after how many milliseconds. */
export const QUEUE_EMISSION: Statement = {
  name: 'payments.queue_emission',
  text: `SELECT (graphile_worker.add_job('${EMIT_EVENT}',
    json_build_object('providerId', $1::uuid, 'type', $2::text, 'ref', $3::text),
    run_at => now() + $4::float8 * interval '1 millisecond')).id`,
};
