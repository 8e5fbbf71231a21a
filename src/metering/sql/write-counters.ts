import type { Statement } from '../../infra/db.ts';

/**
 * Writes counters as they were decided, in the order given. A counter must still be of the version that
 * was decided on, or not be there if that was 0: otherwise the statement fails with 40001, or with 23505.
 * The quantity is compared too, because after a failover that lost commits the same version may stand for
 * something else. Parameters, in columns: $1 to $6 the keys, $7 the versions and $8 the quantities decided
 * on, $9 to $11 and $13 what to write, $14 the kinds; $12 the instant.
 */
export const WRITE_COUNTERS: Statement = {
  name: 'metering.write_counters',
  text: `WITH given AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::float8[], $6::float8[],
          $7::bigint[], $8::numeric[], $9::numeric[], $10::numeric[], $11::uuid[], $13::numeric[], $14::counter_kind[])
        AS k (organization_id, customer_id, counted_id, slice, start_ms, end_ms, version, quantity_before,
          quantity, charged, rate_id, surplus, kind)
    ), fresh AS (
      INSERT INTO usage_counters (organization_id, customer_id, counted_id, slice, period_start, period_end,
        quantity, charged, rate_id, surplus, kind, version, updated_at, test_clock_id)
      SELECT organization_id, customer_id, counted_id, slice, to_timestamp(start_ms / 1000),
        to_timestamp(end_ms / 1000), quantity, charged, rate_id, surplus, kind, 1, $12::timestamptz,
        (SELECT c.test_clock_id FROM customers c WHERE c.id = given.customer_id)
      FROM given WHERE version = 0
    ), moved AS (
      UPDATE usage_counters c SET quantity = k.quantity, charged = k.charged, rate_id = k.rate_id,
        surplus = k.surplus,
        updated_at = $12::timestamptz,
        version = CASE WHEN c.version = k.version AND c.quantity = k.quantity_before THEN c.version + 1
          ELSE refuse_moved_on() END
      FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::float8[], $7::bigint[], $8::numeric[],
          $9::numeric[], $10::numeric[], $11::uuid[], $13::numeric[])
        AS k (customer_id, counted_id, slice, start_ms, version, quantity_before, quantity, charged, rate_id, surplus)
      WHERE k.version > 0 AND c.customer_id = k.customer_id AND c.counted_id = k.counted_id
        AND c.period_start = to_timestamp(k.start_ms / 1000) AND c.slice = k.slice
      RETURNING 1
    )
    SELECT refuse_moved_on() FROM moved
    HAVING count(*) <> (SELECT count(*) FROM unnest($7::bigint[]) AS v (version) WHERE v.version > 0)`,
};
