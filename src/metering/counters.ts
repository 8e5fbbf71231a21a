import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import { exact, stored } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import { byName, type Counter, type CounterKey, emptyCounter } from './counter.ts';
import { type CounterRow, LOCK_COUNTERS, READ_COUNTERS } from './sql/read-counters.ts';
import { WRITE_COUNTERS } from './sql/write-counters.ts';

/** The counters under these keys, each once, locked if that is asked for; those that are not there are empty. */
export async function readCounters(
  tx: Queryable,
  keys: readonly CounterKey[],
  lock: boolean,
): Promise<Counter[]> {
  if (keys.length === 0) return [];
  const sorted = [...keys].sort(byName);
  const counters = sorted.map(emptyCounter);
  const rows = await tx.query<CounterRow>(lock ? LOCK_COUNTERS : READ_COUNTERS, [
    columns.uuid(sorted, (key) => key.customerId),
    columns.uuid(sorted, (key) => key.countedId),
    arrayLiteral(sorted, (key) => key.period.start.getTime()),
    columns.text(sorted, (key) => key.slice),
  ]);
  for (const row of rows) fill(counters[row.position - 1], row);
  return counters;
}

function fill(counter: Counter | undefined, row: CounterRow): void {
  if (!counter) throw new Error('A counter was read that nobody asked for.');
  counter.version = row.version;
  counter.periodEnd = row.period_end;
  counter.quantity = exact(row.quantity);
  counter.quantityStored = counter.quantity;
  counter.charged = exact(row.charged);
  counter.surplus = exact(row.surplus);
  counter.rateId = row.rate_id as Id<'rate'> | null;
}

/** Sends what was decided about counters; fails when one of them has moved on since it was read. */
export function writeCounters(
  tx: Queryable,
  counters: readonly Counter[],
  now: Date,
): Promise<unknown> | null {
  const changed = counters.filter(({ isChanged }) => isChanged);
  if (changed.length === 0) return null;
  changed.sort((a, b) => byName(a.key, b.key));
  return tx.query(WRITE_COUNTERS, [
    columns.uuid(changed, ({ key }) => key.organizationId),
    columns.uuid(changed, ({ key }) => key.customerId),
    columns.uuid(changed, ({ key }) => key.countedId),
    columns.text(changed, ({ key }) => key.slice),
    arrayLiteral(changed, ({ key }) => key.period.start.getTime()),
    arrayLiteral(changed, ({ periodEnd }) => periodEnd.getTime()),
    arrayLiteral(changed, ({ version }) => version),
    arrayLiteral(changed, ({ quantityStored }) => stored(quantityStored)),
    arrayLiteral(changed, ({ quantity }) => stored(quantity)),
    arrayLiteral(changed, ({ charged }) => stored(charged)),
    columns.uuid(changed, ({ rateId }) => rateId),
    now,
    arrayLiteral(changed, ({ surplus }) => stored(surplus)),
    arrayLiteral(changed, ({ key }) => key.kind),
  ]);
}
