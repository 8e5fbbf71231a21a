import type { Rhythm, WindowDefinition } from '../catalog/plans/definition.ts';
import { DAY_MS, fromEpochMs, HOUR_MS, MINUTE_MS } from '../kit/clock.ts';
import { monthOf, type Period } from '../metering/period.ts';

/** How long something is counted before it begins anew. */
export type Span = Rhythm | WindowDefinition['per'] | 'NEVER';

/** Where `NEVER` begins and ends. */
const EVER: Period = { start: fromEpochMs(0), end: fromEpochMs(Date.UTC(9999)) };

const LENGTHS_MS = { MINUTE: MINUTE_MS, HOUR: HOUR_MS, DAY: DAY_MS } as const;

/** 1970-01-05 was a Monday, with which weeks begin. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** The span that an instant lies in. PERIOD is the billing period that is given, everything else the calendar's in UTC. */
export function spanAt(span: Span, at: Date, period: Period | null): Period {
  switch (span) {
    case 'MINUTE':
    case 'HOUR':
    case 'DAY':
      return evenSpan(at, LENGTHS_MS[span], 0);
    case 'WEEK':
      return evenSpan(at, 7 * DAY_MS, FIRST_MONDAY_MS);
    case 'MONTH':
      return monthOf(at);
    case 'YEAR':
      return yearOf(at);
    case 'NEVER':
      return EVER;
    case 'PERIOD':
      return period ?? monthOf(at);
  }
}

function evenSpan(at: Date, lengthMs: number, firstMs: number): Period {
  const count = Math.floor((at.getTime() - firstMs) / lengthMs);
  const startMs = firstMs + count * lengthMs;
  return { start: fromEpochMs(startMs), end: fromEpochMs(startMs + lengthMs) };
}

function yearOf(at: Date): Period {
  const year = at.getUTCFullYear();
  return { start: fromEpochMs(Date.UTC(year)), end: fromEpochMs(Date.UTC(year + 1)) };
}
