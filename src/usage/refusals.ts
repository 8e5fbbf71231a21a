import type { Refusal } from '../kit/refusal.ts';

/** More is waiting than the process can commit soon; nothing was written. */
export interface Overloaded extends Refusal<'Overloaded'> {
  readonly retryAfterMs: number;
}
