/** The only source of time. Everything that needs "now" is given a clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is told to move; for tests and simulations. */
export interface ManualClock extends Clock {
  set(to: Date): void;
  advance(ms: number): void;
}

export function createManualClock(start: Date): ManualClock {
  let current = start.getTime();
  return {
    now: () => new Date(current),
    set: (to) => {
      current = to.getTime();
    },
    advance: (ms) => {
      current += ms;
    },
  };
}

const RFC3339 =
  /^\d{4}-\d{2}-\d{2}[Tt ](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Every month has as many days. */
const SHORTEST_MONTH = 28;

const YEAR_9999_MS = Date.UTC(9999);

/**
 * Parses an RFC 3339 instant with an offset, from 1970 up to 9999; keeps milliseconds. Null when it is not
 * one.
 */
export function parseInstant(raw: unknown): Date | null {
  if (typeof raw !== 'string' || !RFC3339.test(raw)) return null;
  const day = Number(raw.slice(8, 10));
  if (day > SHORTEST_MONTH && day > daysInMonth(raw)) return null;
  const instant = new Date(raw.replace(' ', 'T'));
  return instant.getTime() >= 0 && instant.getTime() < YEAR_9999_MS ? instant : null;
}

function daysInMonth(raw: string): number {
  return new Date(Date.UTC(Number(raw.slice(0, 4)), Number(raw.slice(5, 7)), 0)).getUTCDate();
}

/** An instant from a stored or transmitted number of milliseconds since the epoch. */
export function fromEpochMs(ms: number): Date {
  return new Date(ms);
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const IMF_FIXDATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Parses a date of an HTTP header, in the one form that is still to be sent; null for any other text. */
export function parseHttpDate(text: string): Date | null {
  const date = IMF_FIXDATE.test(text) ? new Date(text) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
}
