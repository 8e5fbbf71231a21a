import { type Clock, DAY_MS, HOUR_MS, MINUTE_MS, parseHttpDate, SECOND_MS } from '../kit/clock.ts';

/** From each attempt that failed to the next, before the jitter: three days in all. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** At most so much is added to a delay, as a part of it. Nothing is taken off: three days are promised. */
const JITTER = 0.25;
/** A receiver that asks for more patience than this is asked again all the same. */
const RETRY_AFTER_MAX_MS = DAY_MS;
/** The answers by which a receiver says that it is under load. */
const THROTTLED: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export interface FailedAttempt {
  /** Counts from 1. */
  readonly attempt: number;
  /** What the receiver asked for; null when it did not. */
  readonly retryAfterMs: number | null;
}

/** How long to wait after an attempt that failed; null when it was the last. `random` is from [0, 1). */
export function nextDelayMs(
  { attempt, retryAfterMs }: FailedAttempt,
  random: () => number,
  delaysMs: readonly number[] = RETRY_DELAYS_MS,
): number | null {
  const delayMs = delaysMs[attempt - 1];
  if (delayMs === undefined) return null;
  return Math.max(Math.round(delayMs * (1 + JITTER * random())), retryAfterMs ?? 0);
}

/** What `retry-after` asks for, in milliseconds, where the status says that we come too often. */
export function readRetryAfter(
  status: number,
  header: string | undefined,
  clock: Clock,
): number | null {
  if (!THROTTLED.has(status) || header === undefined) return null;
  const text = header.trim();
  const ms = /^\d{1,10}$/.test(text)
    ? Number(text) * SECOND_MS
    : (parseHttpDate(text)?.getTime() ?? Number.NaN) - clock.now().getTime();
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), RETRY_AFTER_MAX_MS);
}
