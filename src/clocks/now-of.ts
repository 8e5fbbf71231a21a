import type { Queryable } from '../infra/db.ts';
import type { Clock } from '../kit/clock.ts';
import { HOLD_NOWS, type NowRow, READ_NOWS } from './sql/read-nows.ts';

/** What time it is by test clocks, by their ids. */
export type Nows = ReadonlyMap<string, Date>;

const NOBODY: Nows = new Map();

/**
 * What time it is for whoever goes by this test clock, and by the server's for null. The clock stands still
 * until the transaction ends: whoever advances it waits. To be asked once what is changed is locked, so that
 * it is changed in the order of its time.
 */
export async function nowOf(
  tx: Queryable,
  clock: Clock,
  testClockId: string | null,
): Promise<Date> {
  if (testClockId === null) return clock.now();
  return nowIn(await nowsOf(tx, [testClockId]), testClockId);
}

/** The same for several, with one statement; none for none. */
export function nowsOf(tx: Queryable, testClockIds: readonly string[]): Promise<Nows> {
  return ask(tx, HOLD_NOWS, testClockIds);
}

/** The same without holding them: for what is only shown, or asked again before anything is written. */
export function readNows(db: Queryable, testClockIds: readonly string[]): Promise<Nows> {
  return ask(db, READ_NOWS, testClockIds);
}

/** The same of one; null is the server's time. */
export async function readNow(
  db: Queryable,
  clock: Clock,
  testClockId: string | null,
): Promise<Date> {
  if (testClockId === null) return clock.now();
  return nowIn(await readNows(db, [testClockId]), testClockId);
}

/** The test clocks that some of the customers go by: mostly none. */
export function clocksOfCustomers(
  customers: readonly ({ readonly testClockId: string | null } | null)[],
): string[] {
  const clockIds: string[] = [];
  for (const customer of customers) if (customer?.testClockId) clockIds.push(customer.testClockId);
  return clockIds;
}

/** What time it is by one of the clocks that were asked. */
export function nowIn(nows: Nows, testClockId: string): Date {
  const now = nows.get(testClockId);
  if (!now) throw new Error(`A test clock that somebody goes by is gone: ${testClockId}.`);
  return now;
}

async function ask(
  db: Queryable,
  statement: typeof READ_NOWS,
  testClockIds: readonly string[],
): Promise<Nows> {
  if (testClockIds.length === 0) return NOBODY;
  const rows = await db.query<NowRow>(statement, [[...new Set(testClockIds)]]);
  return new Map(rows.map((row) => [row.id, row.now]));
}
