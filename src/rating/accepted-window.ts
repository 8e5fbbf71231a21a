import { DAY_MS, fromEpochMs, MINUTE_MS } from '../kit/clock.ts';
import type { OutsideWindow } from './refusals.ts';

/** Events are accepted from this far back ... */
export const MAX_AGE_MS = 35 * DAY_MS;
/** ... to this far ahead, for clocks that run fast. */
export const MAX_AHEAD_MS = 5 * MINUTE_MS;

/** The refusal of an event that occurred outside the accepted window. */
export function outsideWindow(occurredAt: Date, now: Date): OutsideWindow | null {
  const earliest = now.getTime() - MAX_AGE_MS;
  const latest = now.getTime() + MAX_AHEAD_MS;
  const time = occurredAt.getTime();
  if (time >= earliest && time <= latest) return null;
  return {
    refusal: 'OutsideWindow',
    direction: time < earliest ? 'TOO_OLD' : 'IN_FUTURE',
    occurredAt,
    earliest: fromEpochMs(earliest),
    latest: fromEpochMs(latest),
  };
}
