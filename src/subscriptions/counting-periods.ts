import type { Period } from '../metering/period.ts';
import { type Anchor, type Interval, periodAt } from './periods.ts';

/** In which period of a subscription something is counted. */
export interface CountingPeriods {
  /** The one that an instant lies in; null before the first. */
  at(at: Date): Period | null;
}

/** A period that has begun. */
export interface BegunPeriod extends Period {
  readonly isTrial: boolean;
}

/** How periods follow one another: where they begin, how long they are, and those behind the last one. */
export interface Course {
  readonly anchor: Anchor;
  readonly interval: Interval;
  /** By the change that waits for the end of the last one. */
  readonly nextInterval: Interval;
}

/**
 * `begun` are in order. Behind one that has ended, where the next has not begun (a worker has not come round,
 * or it is not paid), lie those of the calendar, from that end on and no further than where the next one
 * began: what a renewal will begin is the same period as it was before.
 */
export function createCountingPeriods(
  begun: readonly BegunPeriod[],
  course: Course,
): CountingPeriods {
  // Of whoever is past due all usage lies there, and it takes the calendar to find it.
  let lastGap: Period | null = null;

  return {
    at(at) {
      const index = begun.findLastIndex(({ start }) => start <= at);
      const last = begun[index];
      if (!last) return null;
      if (at < last.end) return last;
      if (lastGap && lastGap.start <= at && at < lastGap.end) return lastGap;
      lastGap = gapAt(last, begun[index + 1] ?? null, course, at);
      return lastGap;
    },
  };
}

function gapAt(last: BegunPeriod, next: Period | null, course: Course, at: Date): Period {
  const { start, end } = slotAt(last, next === null, course, at);
  return {
    start: start < last.end ? last.end : start,
    end: next !== null && next.start < end ? next.start : end,
  };
}

/** Periods count from where a trial ends, and from where their length changes. */
function slotAt({ end, isTrial }: BegunPeriod, isOpen: boolean, course: Course, at: Date): Period {
  const { anchor, interval, nextInterval } = course;
  const ahead = isOpen ? nextInterval : interval;
  const isKept = ahead.unit === interval.unit && ahead.count === interval.count;
  return periodAt(isKept && !isTrial ? anchor : { ...anchor, at: end }, ahead, at);
}
