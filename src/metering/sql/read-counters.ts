import type { Statement } from '../../infra/db.ts';

const text = (lock: string) => `SELECT k.position::int AS position, c.quantity::text AS quantity,
      c.charged::text AS charged, c.surplus::text AS surplus, c.rate_id, c.period_end, c.version::float8 AS version
    FROM unnest($1::uuid[], $2::uuid[], $3::float8[], $4::text[]) WITH ORDINALITY
      AS k (customer_id, counted_id, start_ms, slice, position)
    CROSS JOIN LATERAL (
      SELECT * FROM usage_counters
      WHERE customer_id = k.customer_id AND counted_id = k.counted_id
        AND period_start = to_timestamp(k.start_ms / 1000) AND slice = k.slice
      OFFSET 0
      ${lock}
    ) c`;

/** Counters as they are. Parameters, in columns: customers, what is counted, starts of periods, slices. */
export const READ_COUNTERS: Statement = { name: 'metering.read_counters', text: text('') };

/** The same, locked in the order given. Wallets are locked before counters, by everybody. */
export const LOCK_COUNTERS: Statement = {
  name: 'metering.lock_counters',
  text: text('FOR NO KEY UPDATE'),
};

export interface CounterRow {
  /** Of its key in the columns, from 1. */
  position: number;
  quantity: string;
  charged: string;
  surplus: string;
  rate_id: string | null;
  period_end: Date;
  version: number;
}
