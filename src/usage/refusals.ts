import type { Refusal } from '../kit/refusal.ts';

/** The event occurred outside the accepted window: 35 days back, 5 minutes ahead. */
export interface OutsideWindow extends Refusal<'OutsideWindow'> {
  readonly direction: 'TOO_OLD' | 'IN_FUTURE';
  readonly occurredAt: Date;
  readonly earliest: Date;
  readonly latest: Date;
}

/** More is waiting than the process can commit soon; nothing was written. */
export interface Overloaded extends Refusal<'Overloaded'> {
  readonly retryAfterMs: number;
}
