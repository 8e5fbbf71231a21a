import type { Statement } from '../../infra/db.ts';

/** Of the counter that the first four parameters name: customer, what is counted, start of the period, slice. */
const OF_COUNTER = `customer_id = $1::uuid AND counted_id = $2::uuid AND period_start = $3::timestamptz AND slice = $4`;

const VALUE = 'occurred_at, value::text AS value';

/** Removes what an event said of a counter. Parameters: the counter, the event. */
export const DELETE_READING: Statement = {
  name: 'metering.delete_reading',
  text: `DELETE FROM usage_readings WHERE ${OF_COUNTER} AND usage_event_id = $5::uuid
    RETURNING ${VALUE}, rank::text AS rank, key`,
};

/** The largest value, of a counter that has no keys. Parameters: the counter. */
export const READ_LARGEST: Statement = {
  name: 'metering.read_largest',
  text: `SELECT ${VALUE} FROM usage_readings r WHERE ${OF_COUNTER} AND key IS NULL ORDER BY r.value DESC LIMIT 1`,
};

/** Whether a key is there. Parameters: the counter, the key. */
export const FIND_KEY: Statement = {
  name: 'metering.find_key',
  text: `SELECT 1 FROM usage_readings WHERE ${OF_COUNTER} AND key = $5 LIMIT 1`,
};

/** The last reading before a place, and the first one behind it. Parameters: the counter, instant and rank. */
export const READ_BESIDE: Statement = {
  name: 'metering.read_beside',
  text: `(SELECT 'BEFORE' AS side, ${VALUE} FROM usage_readings r
      WHERE ${OF_COUNTER} AND (occurred_at, rank) < ($5::timestamptz, $6::bigint)
      ORDER BY r.occurred_at DESC, r.rank DESC LIMIT 1)
    UNION ALL
    (SELECT 'BEHIND', ${VALUE} FROM usage_readings r
      WHERE ${OF_COUNTER} AND (occurred_at, rank) > ($5::timestamptz, $6::bigint)
      ORDER BY r.occurred_at, r.rank LIMIT 1)`,
};

export interface ReadingRow {
  readonly occurred_at: Date;
  readonly value: string;
}

export interface TakenRow extends ReadingRow {
  readonly rank: string;
  readonly key: string | null;
}

export interface BesideRow extends ReadingRow {
  readonly side: 'BEFORE' | 'BEHIND';
}
