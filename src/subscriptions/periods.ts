import { Temporal } from 'temporal-polyfill';
import { fromEpochMs } from '../kit/clock.ts';
import { type Exact, fraction } from '../kit/decimal.ts';

export type IntervalUnit = 'DAY' | 'WEEK' | 'MONTH' | 'YEAR';

/** How long a period is, by the calendar: 1 MONTH, 2 WEEKs. */
export interface Interval {
  readonly unit: IntervalUnit;
  /** 1 or more. */
  readonly count: number;
}

/** Where periods begin: at the local day and time that this instant has in the time zone. */
export interface Anchor {
  readonly at: Date;
  /** An IANA name: `Europe/Berlin`. */
  readonly timeZone: string;
}

/** From `start` up to, but without, `end`. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** How many days a unit has, more or less: where the search for a period begins. */
const ROUGH_DAYS: Record<IntervalUnit, number> = { DAY: 1, WEEK: 7, MONTH: 30.44, YEAR: 365.24 };
const ROUGH_DAY_MS = 86_400_000;

/**
 * When the period with this number begins; 0 begins at the anchor, and those before it count down. Each is
 * computed from the anchor, never from its neighbour, so one that begins on the 31st is on the 28th in
 * February and on the 31st again in March. A local time that a clock change leaves out is the same
 * distance behind the gap; of one that there is twice, it is the first.
 */
export function startOfPeriod(anchor: Anchor, interval: Interval, number: number): Date {
  if (number === 0) return anchor.at;
  const local = localTime(anchor).add(durationOf(interval, number));
  return fromEpochMs(local.toZonedDateTime(anchor.timeZone).epochMilliseconds);
}

/** The period that an instant lies in. */
export function periodAt(anchor: Anchor, interval: Interval, at: Date): Period {
  return numberedPeriod(anchor, interval, numberAt(anchor, interval, at));
}

/** The periods that begin from `from` on and before `until`, in order. */
export function periodsBeginning(
  anchor: Anchor,
  interval: Interval,
  from: Date,
  until: Date,
): Period[] {
  const periods: Period[] = [];
  let number = numberAt(anchor, interval, from);
  if (startOfPeriod(anchor, interval, number) < from) number += 1;
  for (; startOfPeriod(anchor, interval, number) < until; number += 1) {
    const period = numberedPeriod(anchor, interval, number);
    // A day that a time zone has skipped would be a period of no length.
    if (period.end > period.start) periods.push(period);
  }
  return periods;
}

/** So many days later at the same local time. */
export function daysAfter(at: Date, days: number, timeZone: string): Date {
  return startOfPeriod({ at, timeZone }, { unit: 'DAY', count: 1 }, days);
}

/** The name as it is usually written; null when it is no IANA time zone. An offset is none. */
export function readTimeZone(name: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return null;
  }
}

/** A part of a whole, exactly. */
export interface Share {
  readonly part: bigint;
  readonly whole: bigint;
}

/** How much of a period is still to come at an instant: all of it before, nothing after. */
export function shareLeft({ start, end }: Period, at: Date): Share {
  const whole = BigInt(end.getTime() - start.getTime());
  const left = BigInt(end.getTime() - at.getTime());
  return { part: left < 0n ? 0n : left > whole ? whole : left, whole };
}

/** How much of a period another one is that lies in it. */
export function partOf(whole: Period, { start, end }: Period): Share {
  return {
    part: BigInt(end.getTime() - start.getTime()),
    whole: BigInt(whole.end.getTime() - whole.start.getTime()),
  };
}

/** A share of an amount, rounded once: half-even to `scale` decimal places. */
export function shareOf(amount: Exact, { part, whole }: Share, scale: number): Exact {
  return fraction(amount, part, whole, scale);
}

function numberedPeriod(anchor: Anchor, interval: Interval, number: number): Period {
  return {
    start: startOfPeriod(anchor, interval, number),
    end: startOfPeriod(anchor, interval, number + 1),
  };
}

/** The last number whose period has begun. */
function numberAt(anchor: Anchor, interval: Interval, at: Date): number {
  const roughMs = ROUGH_DAYS[interval.unit] * interval.count * ROUGH_DAY_MS;
  let number = Math.floor((at.getTime() - anchor.at.getTime()) / roughMs);
  while (startOfPeriod(anchor, interval, number) > at) number -= 1;
  while (startOfPeriod(anchor, interval, number + 1) <= at) number += 1;
  return number;
}

function localTime({ at, timeZone }: Anchor): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime();
}

function durationOf({ unit, count }: Interval, times: number): Temporal.DurationLike {
  const amount = count * times;
  if (unit === 'DAY') return { days: amount };
  if (unit === 'WEEK') return { weeks: amount };
  return unit === 'MONTH' ? { months: amount } : { years: amount };
}
