import type { Statement } from '../../infra/db.ts';

/** Writes events. Parameters: ten columns side by side. */
export const INSERT_EVENTS: Statement = {
  name: 'usage.insert_events',
  text: `INSERT INTO usage_events (id, organization_id, customer_id, event_id, type, subject,
      occurred_at, received_at, properties, content_hash)
    SELECT e.id, e.organization_id, e.customer_id, e.event_id, e.type, e.subject, e.occurred_at,
      e.received_at, e.properties, decode(e.content_hash, 'hex')
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
        $7::timestamptz[], $8::timestamptz[], $9::jsonb[], $10::text[])
      AS e (id, organization_id, customer_id, event_id, type, subject, occurred_at, received_at,
        properties, content_hash)`,
};

/** Writes charges. Parameters: eleven columns side by side. */
export const INSERT_CHARGES: Statement = {
  name: 'usage.insert_charges',
  text: `INSERT INTO charges (organization_id, customer_id, usage_event_id, ordinal, wallet_id,
      metric_id, rate_id, quantity, amount, first_sequence, entry_count)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::uuid[],
      $7::uuid[], $8::numeric[], $9::numeric[], $10::bigint[], $11::int[])`,
};
