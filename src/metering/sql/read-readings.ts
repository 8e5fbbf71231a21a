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
 * The readings of counters that are beside instants, in order: the last one that is no later, and the first one
 * that is. Two looks into the index for each, however many there are. Parameters, in columns: the counters, an
 * instant for each, which may be the infinite one, and a number that tells the counters apart.
 */
export const READ_BESIDE_ALL: Statement = {
  name: 'metering.read_beside_all',
  text: `SELECT DISTINCT k.counter, r.occurred_at, r.rank, r.value::text AS value
    FROM unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[], $5::float8[], $6::int[])
      AS k (customer_id, counted_id, start_ms, slice, at_ms, counter)
    CROSS JOIN LATERAL (
      (SELECT occurred_at, rank, value FROM usage_readings
        WHERE ${OF_COUNTER} AND occurred_at <= to_timestamp(k.at_ms / 1000)
        ORDER BY occurred_at DESC, rank DESC LIMIT 1)
      UNION ALL
      (SELECT occurred_at, rank, value FROM usage_readings
        WHERE ${OF_COUNTER} AND occurred_at > to_timestamp(k.at_ms / 1000)
        ORDER BY occurred_at, rank LIMIT 1)
    ) r
    ORDER BY k.counter, r.occurred_at, r.rank`,
};

/** A reading of one of the counters that were asked for. */
export interface SeriesRow {
  /** The number that was given to it. */
  counter: number;
  occurred_at: Date;
  value: string;
}

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
