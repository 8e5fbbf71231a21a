import { HOUR_MS, MINUTE_MS } from '../kit/clock.ts';
import { type Exact, MAX_AMOUNT, MAX_SCALE, max, min, multiply, ZERO } from '../kit/decimal.ts';
import type { BurnRate } from './rule.ts';

/** The steps in which spend is kept: a window is as many of them, and the one under way is its last. */
export const BUCKET_MS = 5 * MINUTE_MS;

/** How far back a rule may look: a day's window, and a week before it. */
export const HORIZON_MS = 8 * 24 * HOUR_MS;

/** What was spent in one step. */
export interface Bucket {
  readonly startMs: number;
  readonly amount: Exact;
}

/** What a wallet spent, oldest first. */
export interface Spend {
  readonly buckets: readonly Bucket[];
  /** When it first spent anything that is still known; null when it has not. */
  readonly sinceMs: number | null;
}

/** What was measured, and what it was compared with. */
export interface Measured {
  readonly isCrossed: boolean;
  readonly threshold: Exact;
  readonly observed: Exact;
}

export function bucketStart(ms: number): number {
  return ms - (ms % BUCKET_MS);
}

/**
 * Whether the window spends more than so many times what windows before it did on average. Null while there
 * is nothing before it: without a past there is no average, and a first charge is no runaway.
 */
export function burnRate(rule: BurnRate, { buckets, sinceMs }: Spend, now: Date): Measured | null {
  const windowMs = rule.windowMinutes * MINUTE_MS;
  const windowStart = bucketStart(now.getTime()) + BUCKET_MS - windowMs;
  const trailingStart = windowStart - rule.trailingHours * HOUR_MS;
  if (sinceMs === null || sinceMs >= windowStart) return null;
  const from = Math.max(sinceMs, trailingStart);
  const before = sumBetween(buckets, from, windowStart);
  const average = share(before, windowMs, windowStart - from);
  const threshold = max(multiply(average, rule.multiple, MAX_SCALE), rule.minimum);
  const observed = sumBetween(buckets, windowStart, Number.POSITIVE_INFINITY);
  return measured(observed > threshold, threshold, observed);
}

const PROJECTION_MS = 24 * HOUR_MS;

/**
 * Whether a wallet that goes on as in the last day is empty within so many hours. One that has not spent for
 * a day is measured since it did, and for an hour at least. Null when it spends nothing.
 */
export function projectedEmpty(
  hours: number,
  { buckets, sinceMs }: Spend,
  settled: Exact,
  now: Date,
): Measured | null {
  if (sinceMs === null) return null;
  const nowMs = now.getTime();
  const from = Math.max(sinceMs, bucketStart(nowMs - PROJECTION_MS));
  const spent = sumBetween(buckets, from, Number.POSITIVE_INFINITY);
  if (spent === ZERO) return null;
  const threshold = share(spent, hours * HOUR_MS, Math.max(nowMs - from, HOUR_MS));
  return measured(settled < threshold, threshold, settled);
}

/** Figures that can be stored: a projection may be more than any wallet can hold. */
function measured(isCrossed: boolean, threshold: Exact, observed: Exact): Measured {
  const [storable, seen] = [min(threshold, MAX_AMOUNT), min(observed, MAX_AMOUNT)];
  return { isCrossed, threshold: storable, observed: seen };
}

function sumBetween(buckets: readonly Bucket[], fromMs: number, beforeMs: number): Exact {
  return buckets.reduce(
    (sum, { startMs, amount }) => (startMs >= fromMs && startMs < beforeMs ? sum + amount : sum),
    ZERO,
  );
}

/** What an amount spent in `spanMs` makes of `partMs`. */
function share(amount: Exact, partMs: number, spanMs: number): Exact {
  return (amount * BigInt(partMs)) / BigInt(spanMs);
}
