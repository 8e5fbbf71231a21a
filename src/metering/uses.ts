import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable, Statement } from '../infra/db.ts';
import { stored } from '../kit/decimal.ts';
import type { Counter } from './counter.ts';

const INSERT_USES: Statement = {
  name: 'metering.insert_uses',
  text: `INSERT INTO feature_uses (organization_id, customer_id, feature_id, slice, period_start, usage_event_id,
      quantity, amount, asset_id)
    SELECT organization_id, customer_id, feature_id, slice, to_timestamp(start_ms / 1000), usage_event_id,
      quantity, amount, asset_id
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::float8[], $6::uuid[], $7::numeric[],
        $8::numeric[], $9::uuid[])
      AS k (organization_id, customer_id, feature_id, slice, start_ms, usage_event_id, quantity, amount, asset_id)`,
};

/** Sends what events use of features: with it a counter can be recomputed, and an event be taken back. */
export function writeUses(tx: Queryable, counters: readonly Counter[]): Promise<unknown> | null {
  const rows = counters.flatMap(({ key, uses }) => uses.map((use) => ({ key, use })));
  if (rows.length === 0) return null;
  return tx.query(INSERT_USES, [
    columns.uuid(rows, ({ key }) => key.organizationId),
    columns.uuid(rows, ({ key }) => key.customerId),
    columns.uuid(rows, ({ key }) => key.countedId),
    columns.text(rows, ({ key }) => key.slice),
    arrayLiteral(rows, ({ key }) => key.period.start.getTime()),
    columns.uuid(rows, ({ use }) => use.usageEventId),
    arrayLiteral(rows, ({ use }) => stored(use.quantity)),
    arrayLiteral(rows, ({ use }) => stored(use.amount)),
    columns.uuid(rows, ({ use }) => use.assetId),
  ]);
}
