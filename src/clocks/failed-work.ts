import type { Queryable } from '../infra/db.ts';
import { groupBy } from '../kit/group-by.ts';
import { FORGET_FAILED, POSTPONE } from './sql/failed-work.ts';

/** What was found to be due, and how it is done. */
export interface DueWork<Row> {
  /** Whose rows they are: `grant`, `subscription`. The finder leaves out those that wait: see `isReady`. */
  readonly work: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What belongs together, such as all of one wallet. */
  readonly partOf: (row: Row) => string;
  /** By the time that they were found with. */
  readonly now: Date;
  /** Whose time that is: null is the server's. */
  readonly testClockId: string | null;
  /** Does some or all of it in transactions of its own; what fails has done nothing. */
  run(rows: readonly Row[]): Promise<void>;
}

/** In seconds. A test clock comes to where it is going after few tries, however far that is. */
const LONGEST_PAUSE_S = { server: 3_600, testClock: 400 * 86_400 };

/** Does each part by itself. One that fails waits with a pause that grows, and keeps none of the others. */
export async function doApart<Row>(db: Queryable, due: DueWork<Row>): Promise<void> {
  const failures: { keys: string[]; error: unknown }[] = [];
  const done: string[] = [];
  for (const rows of groupBy(due.rows, due.partOf).values()) {
    const keys = rows.map(due.keyOf);
    await due.run(rows).then(
      () => done.push(...keys),
      (error) => failures.push({ keys, error }),
    );
  }
  if (done.length > 0) await db.query(FORGET_FAILED, [due.work, done]);
  if (failures.length === 0) return;
  const failed = failures.flatMap(({ keys }) => keys);
  const longest = due.testClockId === null ? LONGEST_PAUSE_S.server : LONGEST_PAUSE_S.testClock;
  await db.query(POSTPONE, [due.work, failed, due.now, longest]);
  throw new AggregateError(
    failures.map(({ error }) => error),
    `What is due of ${due.work} ${failed.join(', ')} failed, and waits: ${String(failures[0]?.error)}`,
  );
}

/** The same all at once, which is quicker; part by part only when that fails. */
export async function doTogether<Row>(db: Queryable, due: DueWork<Row>): Promise<void> {
  if (due.rows.length === 0) return;
  try {
    await due.run(due.rows);
  } catch {
    return doApart(db, due);
  }
  await db.query(FORGET_FAILED, [due.work, due.rows.map(due.keyOf)]);
}
