import type { Queryable } from '../infra/db.ts';

/**
 * Something that time alone brings about: grants expire, subscriptions renew. A room implements it once: a
 * worker runs it by the server's time for customers of no test clock, and a test clock that is advanced by
 * its own time for its customers.
 *
 * Any number of processes may run it at once, and one may die in the middle: what is done for an instant is
 * looked for again behind the locks of what it changes, and is done once.
 */
export interface TimedWork {
  /** For people: `grants come into force and expire`. */
  readonly name: string;
  /** How often a worker looks what is due by the server's time, in milliseconds. @default 1000 */
  readonly everyMs?: number;
  /**
   * When something is due next among the customers of this clock: null when nothing is to come. An instant
   * that is not after the clock's now means that something is due already; after `run` has done it, this
   * must answer with a later one.
   */
  nextDue(db: Queryable, testClockId: string): Promise<Date | null>;
  /**
   * Does what is due at the time of this clock among its customers; null is the server's time, and customers
   * of no test clock. True when more may be due.
   */
  run(testClockId: string | null): Promise<boolean>;
}
