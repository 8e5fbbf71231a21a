import type { Statement } from '../../../infra/db.ts';

/** Writes holds that were placed. Parameters, in columns; instants in milliseconds since the epoch. */
export const INSERT_HOLDS: Statement = {
  name: 'ledger.insert_holds',
  text: `INSERT INTO holds (id, organization_id, customer_id, wallet_id, status, amount, captured, allocations,
      overdraft, reservations, metric_id, quantity, expires_at, max_captures, captures, idempotency_key,
      content, description, metadata, created_at, closed_at, closed_sequence, test_clock_id)
    SELECT h.id, h.organization_id, h.customer_id, h.wallet_id, h.status, h.amount, h.captured, h.allocations,
      h.overdraft, h.reservations, h.metric_id, h.quantity, to_timestamp(h.expires_ms / 1000), h.max_captures,
      h.captures, h.idempotency_key, h.content, h.description, h.metadata, to_timestamp(h.created_ms / 1000),
      to_timestamp(h.closed_ms / 1000), h.closed_sequence, h.test_clock_id
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::hold_status[], $6::numeric[],
        $7::numeric[], $8::jsonb[], $9::numeric[], $10::jsonb[], $11::uuid[], $12::numeric[], $13::float8[],
        $14::int[], $15::int[], $16::text[], $17::jsonb[], $18::text[], $19::jsonb[], $20::float8[],
        $21::float8[], $22::bigint[], $23::uuid[])
      AS h (id, organization_id, customer_id, wallet_id, status, amount, captured, allocations, overdraft,
        reservations, metric_id, quantity, expires_ms, max_captures, captures, idempotency_key, content,
        description, metadata, created_ms, closed_ms, closed_sequence, test_clock_id)`,
};

/**
 * Writes what became of holds. The version of their wallet says that they are as they were decided on; after a
 * failover that lost commits one may be gone, and then they count as having moved on.
 */
export const UPDATE_HOLDS: Statement = {
  name: 'ledger.update_holds',
  text: `WITH moved AS (
      UPDATE holds h SET status = c.status, amount = c.amount, captured = c.captured,
        allocations = c.allocations, overdraft = c.overdraft, expires_at = to_timestamp(c.expires_ms / 1000),
        captures = c.captures, closed_at = to_timestamp(c.closed_ms / 1000),
        closed_sequence = c.closed_sequence
      FROM unnest($1::uuid[], $2::uuid[], $3::hold_status[], $4::numeric[], $5::numeric[], $6::jsonb[],
          $7::numeric[], $8::float8[], $9::int[], $10::float8[], $11::bigint[])
        AS c (id, customer_id, status, amount, captured, allocations, overdraft, expires_ms, captures,
          closed_ms, closed_sequence)
      WHERE h.id = c.id AND h.customer_id = c.customer_id
      RETURNING 1
    )
    SELECT refuse_moved_on() FROM moved HAVING count(*) <> cardinality($1::uuid[])`,
};

/** Writes what extensions set aside, each once. Parameters, in columns. */
export const INSERT_EXTENSIONS: Statement = {
  name: 'ledger.insert_extensions',
  text: `INSERT INTO hold_extensions (wallet_id, sequence, version, ordinal, organization_id, customer_id, hold_id,
      grant_id, amount)
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::int[], $5::uuid[], $6::uuid[], $7::uuid[],
      $8::uuid[], $9::numeric[])`,
};

/** Writes which usage events were paid from which holds. Parameters, in columns. */
export const INSERT_CAPTURES: Statement = {
  name: 'ledger.insert_captures',
  text: `INSERT INTO hold_captures (usage_event_id, organization_id, customer_id, hold_id, capture, amount, late,
      captured_at)
    SELECT c.usage_event_id, c.organization_id, c.customer_id, c.hold_id, c.capture, c.amount, c.late,
      to_timestamp(c.captured_ms / 1000)
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::numeric[], $7::boolean[],
        $8::float8[])
      AS c (usage_event_id, organization_id, customer_id, hold_id, capture, amount, late, captured_ms)`,
};
