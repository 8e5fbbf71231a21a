import type { Statement } from '../../infra/db.ts';

const text = (columns: string, values: string, arrays: string, names: string) => `WITH events AS (
      INSERT INTO usage_events (id, organization_id, customer_id, event_id, type, subject,
        occurred_at, received_at, properties, content_hash)
      SELECT e.id, e.organization_id, e.customer_id, e.event_id, e.type, e.subject,
        to_timestamp(e.occurred_ms / 1000), to_timestamp(e.received_ms / 1000), e.properties,
        e.content_hash
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
          $7::float8[], $8::float8[], $9::jsonb[], $10::bytea[])
        AS e (id, organization_id, customer_id, event_id, type, subject, occurred_ms, received_ms,
          properties, content_hash)
    )
    INSERT INTO charges (organization_id, customer_id, usage_event_id, ordinal, wallet_id, metric_id,
      rate_id, quantity, amount, first_sequence, entry_count${columns})
    SELECT ($2::uuid[])[c.event], ($3::uuid[])[c.event], ($1::uuid[])[c.event], c.ordinal, c.wallet_id,
      ($11::uuid[])[c.rate], ($12::uuid[])[c.rate], c.quantity, c.amount, c.first_sequence, c.entry_count${values}
    FROM unnest($13::int[], $14::smallint[], $15::uuid[], $16::int[], $17::numeric[], $18::numeric[],
        $19::bigint[], $20::int[]${arrays})
      AS c (event, ordinal, wallet_id, rate, quantity, amount, first_sequence, entry_count${names})`;

/**
 * Writes events and what they cost. Parameters, in columns: $1 to $10 the events (instants in milliseconds
 * since the epoch), $11 and $12 the metrics and rates, $13 to $20 the charges, which name their event and
 * their metric and rate by position in those columns.
 */
export const INSERT_EVENTS: Statement = {
  name: 'usage.insert_events',
  text: text('', '', '', ''),
};

/** The same where some charges go by counters: $21 to $23 say when the period began and what they said. */
export const INSERT_COUNTED_EVENTS: Statement = {
  name: 'usage.insert_counted_events',
  text: text(
    ', period_start, counted_before, charged_before',
    ', to_timestamp(c.start_ms / 1000), c.counted, c.charged',
    ', $21::float8[], $22::numeric[], $23::numeric[]',
    ', start_ms, counted, charged',
  ),
};
