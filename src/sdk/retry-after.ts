import { parseHttpDate, SECOND_MS, systemClock } from '../kit/clock.ts';

/** Who asks for hours is often back in minutes, and what waits is usage that nobody is charged for meanwhile. */
const LONGEST_WAIT_MS = 60 * SECOND_MS;

/**
 * What an answer asks for before the next attempt, in its `Retry-After`: seconds, or a date by the clock of whoever
 * answers. 0 when it says neither, or a time that is over; a minute at most.
 */
export function retryAfterMs(headers: Headers): number {
  const text = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(text)) return Math.min(SECOND_MS * Number(text), LONGEST_WAIT_MS);
  const until = parseHttpDate(text);
  if (until === null) return 0;
  const now = parseHttpDate(headers.get('date') ?? '') ?? systemClock.now();
  return Math.min(Math.max(until.getTime() - now.getTime(), 0), LONGEST_WAIT_MS);
}
