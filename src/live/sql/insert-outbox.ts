import type { Statement } from '../../infra/db.ts';

/**
 * Stores what a transaction has to tell. Parameters, in columns: $1 organizations, $2 customers, $3 how many
 * events, $4 the events; $5 the instant. Sent after the changes that it tells of: whoever changes the same
 * wallet later gets a later id, because he could not change it before this transaction ended.
 */
export const INSERT_OUTBOX: Statement = {
  name: 'live.insert_outbox',
  text: `INSERT INTO event_outbox (organization_id, customer_id, event_count, events, created_at)
    SELECT o.organization_id, o.customer_id, o.event_count, o.events::json, $5::timestamptz
    FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[])
      AS o (organization_id, customer_id, event_count, events)`,
};
