import { fromEpochMs } from '../kit/clock.ts';

/** Usage is counted from one instant up to, but without, another. */
export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/** The calendar month in UTC. */
export function monthOf(at: Date): Period {
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth();
  return { start: fromEpochMs(Date.UTC(year, month)), end: fromEpochMs(Date.UTC(year, month + 1)) };
}
