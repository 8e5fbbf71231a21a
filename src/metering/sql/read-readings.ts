import type { Statement } from '../../infra/db.ts';

/** The part of a reading that names its counter. */
const OF_COUNTER = `customer_id = k.customer_id AND counted_id = k.counted_id
        AND period_start = to_timestamp(k.start_ms / 1000) AND slice = k.slice`;

/** Which keys a counter has. Parameters, in columns: the counters, and a key for each. */
export const FIND_KEYS: Statement = {
  name: 'metering.find_keys',
  text: `SELECT k.position::int AS position
    FROM unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[], $5::text[]) WITH ORDINALITY
      AS k (customer_id, counted_id, start_ms, slice, key, position)
    WHERE EXISTS (SELECT 1 FROM usage_readings WHERE ${OF_COUNTER} AND key = k.key)`,
};

/**
 * The readings of counters, in order, from the last one that is no later than an instant. Parameters, in
 * columns: the counters, and an instant for each.
 */
export const READ_SERIES: Statement = {
  name: 'metering.read_series',
  text: `SELECT k.position::int AS position, r.occurred_at, r.value::text AS value
    FROM unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[], $5::float8[]) WITH ORDINALITY
      AS k (customer_id, counted_id, start_ms, slice, from_ms, position)
    CROSS JOIN LATERAL (
      SELECT occurred_at, rank, value FROM usage_readings
      WHERE ${OF_COUNTER} AND occurred_at >= coalesce((
        SELECT max(occurred_at) FROM usage_readings
        WHERE ${OF_COUNTER} AND occurred_at <= to_timestamp(k.from_ms / 1000)), to_timestamp(k.from_ms / 1000))
    ) r
    ORDER BY k.position, r.occurred_at, r.rank`,
};

/**
 * Writes readings. Parameters, in columns: the counters' keys with their organization, then instant, rank,
 * value, key and event.
 */
export const INSERT_READINGS: Statement = {
  name: 'metering.insert_readings',
  text: `INSERT INTO usage_readings (organization_id, customer_id, counted_id, slice, period_start, occurred_at, rank,
      value, key, usage_event_id)
    SELECT organization_id, customer_id, counted_id, slice, to_timestamp(start_ms / 1000), to_timestamp(at_ms / 1000),
      rank, value, key, usage_event_id
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::float8[], $6::float8[], $7::bigint[],
        $8::numeric[], $9::text[], $10::uuid[])
      AS k (organization_id, customer_id, counted_id, slice, start_ms, at_ms, rank, value, key, usage_event_id)`,
};
