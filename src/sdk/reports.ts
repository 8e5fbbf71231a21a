import { type Exact, ZERO } from '../kit/decimal.ts';
import type { LeasedEvent } from './sdk.js';

/** Something used, and what was taken for it before. */
export interface Report {
  readonly event: LeasedEvent;
  readonly taken: Exact;
  readonly atMs: number;
}

/** What was reported and is not charged yet, oldest first. */
export interface Reports {
  readonly count: number;
  add(report: Report): void;
  /** What to send next. The same again until something has become of it. */
  next(): readonly Report[];
  /** When the next of them has to be sent: at once when enough wait; Infinity when none does. */
  dueMs(flushEveryMs: number): number;
  /** Those of `next` are done with; what was taken for them. */
  remove(batch: readonly Report[]): Exact;
  /** All or nothing was said to be nothing: fewer at a time, until the one is found that is to blame. */
  split(): void;
  /** Takes all away: nobody will send them any more. */
  drain(): readonly Report[];
  /** The one that cannot be charged now is not in the way of the others. */
  putLast(): void;
}

/** As many as a capture takes. */
const MOST_AT_ONCE = 100;

export function createReports(): Reports {
  let waiting: Report[] = [];
  let atOnce = MOST_AT_ONCE;

  return {
    get count() {
      return waiting.length;
    },
    add: (report) => {
      waiting.push(report);
    },
    next: () => waiting.slice(0, atOnce),
    dueMs(flushEveryMs) {
      const [oldest] = waiting;
      if (!oldest) return Number.POSITIVE_INFINITY;
      return waiting.length >= MOST_AT_ONCE ? 0 : oldest.atMs + flushEveryMs;
    },
    remove(batch) {
      waiting = waiting.slice(batch.length);
      atOnce = Math.min(atOnce * 2, MOST_AT_ONCE);
      return batch.reduce((sum, { taken }) => sum + taken, ZERO);
    },
    split() {
      atOnce = Math.max(1, Math.min(waiting.length, atOnce) >> 1);
    },
    drain() {
      const rest = waiting;
      waiting = [];
      return rest;
    },
    putLast() {
      const [first, ...others] = waiting;
      if (first) waiting = [...others, first];
    },
  };
}
