import { arrayLiteral } from '../infra/array-literal.ts';
import { columns } from '../infra/columns.ts';
import type { Queryable } from '../infra/db.ts';
import type { Told } from './event.ts';
import { INSERT_OUTBOX } from './sql/insert-outbox.ts';

/** What there is to tell of one customer. */
interface Row extends Omit<Told, 'fact'> {
  count: number;
  events: string;
}

/**
 * Stores what the transaction has to tell, with the change that it tells of: one row for each customer,
 * whose events keep the order in which they are given. To be called last in the transaction; whoever has
 * committed it wakes the sequencer.
 */
export function writeOutbox(tx: Queryable, told: readonly Told[], now: Date): Promise<unknown> {
  if (told.length === 0) return Promise.resolve();
  const rows = rowsOf(told);
  return tx.query(INSERT_OUTBOX, [
    columns.uuid(rows, (row) => row.organizationId),
    columns.uuid(rows, (row) => row.customerId),
    arrayLiteral(rows, (row) => row.count),
    columns.text(rows, (row) => `[${row.events}]`),
    now,
  ]);
}

function rowsOf(told: readonly Told[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { organizationId, customerId, fact } of told) {
    const key = customerId ?? organizationId;
    const event = JSON.stringify(fact);
    const row = rows.get(key);
    if (row) {
      row.count += 1;
      row.events += `,${event}`;
    } else {
      rows.set(key, { organizationId, customerId, count: 1, events: event });
    }
  }
  return [...rows.values()];
}
