import type { Statement } from '../../infra/db.ts';

/**
 * Keeps an event unless it has come before; whoever brings it a second time, also at the same moment, gets no row. Parameters:
 * id, organization, provider, the provider's id of it, its type, object and payment, body, when it came.
 */
export const TAKE_IN_EVENT: Statement = {
  name: 'payments.take_in_event',
  text: `INSERT INTO payment_events
      (id, organization_id, provider_id, event_id, type, ref, payment_id, body, received_at)
    VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7, $8, $9::timestamptz)
    ON CONFLICT (provider_id, event_id) DO NOTHING RETURNING id`,
};
