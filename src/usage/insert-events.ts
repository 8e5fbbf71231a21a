import type { Queryable } from '../infra/db.ts';
import type { Recording } from './decide.ts';
import { eventColumns } from './event-columns.ts';
import { INSERT_COUNTED_EVENTS, INSERT_EVENTS } from './sql/insert-events.ts';

/** Sends events with what they cost. Where no charge goes by a counter, nothing of counters is sent. */
export function insertEvents(
  tx: Queryable,
  accepted: readonly Recording[],
  areCounted: boolean,
): Promise<unknown> {
  const statement = areCounted ? INSERT_COUNTED_EVENTS : INSERT_EVENTS;
  return tx.query(statement, eventColumns(accepted, areCounted));
}
