import type { Db, Queryable } from '../infra/db.ts';
import type { JobContext } from '../infra/jobs.ts';
import type { Clock } from '../kit/clock.ts';
import { writeOutbox } from '../live/outbox.ts';
import { QUEUE_ADVANCE } from './sql/add-job.ts';
import { ARRIVE, type ClockRow, LOCK_CLOCK, MOVE } from './sql/step.ts';
import type { TimedWork } from './timed-work.ts';

export interface AdvanceDeps {
  readonly db: Db;
  /** The server's: for the log alone. */
  readonly clock: Clock;
  /** Called after a commit that has something to tell; never waits and never throws. */
  readonly wake: () => void;
  /** Everything that time brings about, in the order in which what is due at one instant is done. */
  readonly timedWork: readonly TimedWork[];
}

/** Brings a clock to where it was told to go. */
export type Advance = (testClockId: string, context: JobContext) => Promise<void>;

/** How often what is due at one instant may lead to something more at that instant. */
const MAX_ROUNDS = 100;

/**
 * The clock goes from one instant at which anything is due to the next, and at each it is done, room by room;
 * only then does time go on. Where it is and what is due is read from the database before every step, so it
 * matters neither who takes the next one nor how the one before ended.
 */
export function createAdvance({ db, clock, wake, timedWork }: AdvanceDeps): Advance {
  const takeStep = (testClockId: string) =>
    db.backgroundTransaction((tx) => step(tx, { clock, timedWork }, testClockId));

  return async (testClockId, { isStopping }) => {
    let rounds = 0;
    for (;;) {
      if (isStopping()) {
        await db.direct.query(QUEUE_ADVANCE, [testClockId]);
        return;
      }
      const { due, hasMoved } = await takeStep(testClockId);
      if (due.length === 0) break;
      rounds = hasMoved ? 0 : rounds + 1;
      if (rounds > MAX_ROUNDS) throw endless(due);
      for (const work of due) while (await work.run(testClockId));
    }
    wake();
  };
}

interface Step {
  /** What is to be done at the instant that it is now; nothing when the clock has arrived, or is gone. */
  readonly due: readonly TimedWork[];
  readonly hasMoved: boolean;
}

const OVER: Step = { due: [], hasMoved: false };

/**
 * Moves the clock to the next instant at which something is due, unless something is due already. Whoever
 * is doing that holds the clock's time and is waited for, so that what is read here is done or not begun.
 */
async function step(
  tx: Queryable,
  { clock, timedWork }: Pick<AdvanceDeps, 'clock' | 'timedWork'>,
  testClockId: string,
): Promise<Step> {
  const [row] = await tx.query<ClockRow>(LOCK_CLOCK, [testClockId, null]);
  if (!row?.target) return OVER;
  const { now, target } = row;
  const dueAt = await Promise.all(timedWork.map((work) => work.nextDue(tx, testClockId)));
  const at = later(now, earliest([...dueAt, target]));
  const due = timedWork.filter((_, index) => isDue(dueAt[index], at));
  if (due.length === 0) {
    await tx.query(ARRIVE, [testClockId]);
    await tell(tx, row, testClockId, clock.now());
    return OVER;
  }
  const hasMoved = at > now;
  if (hasMoved) await tx.query(MOVE, [testClockId, at]);
  return { due, hasMoved };
}

function isDue(dueAt: Date | null | undefined, at: Date): boolean {
  return dueAt != null && dueAt <= at;
}

function earliest(instants: readonly (Date | null)[]): Date {
  return instants
    .filter((instant) => instant !== null)
    .reduce((first, each) => (each < first ? each : first));
}

function later(a: Date, b: Date): Date {
  return a < b ? b : a;
}

function tell(
  tx: Queryable,
  { organization_id: organizationId, target }: ClockRow,
  testClockId: string,
  now: Date,
): Promise<unknown> {
  const at = target?.toISOString() ?? '';
  const fact = { type: 'test_clock.ready' as const, testClockId, now: at };
  return writeOutbox(tx, [{ organizationId, customerId: null, fact }], now);
}

function endless(due: readonly TimedWork[]): Error {
  const names = due.map(({ name }) => name).join(', ');
  return new Error(`Something stays due on a test clock however often it is done: ${names}.`);
}
