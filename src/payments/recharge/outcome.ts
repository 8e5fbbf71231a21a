import { fromEpochMs, HOUR_MS } from '../../kit/clock.ts';
import type { PaymentStatus } from '../payment.ts';

/** What a rule remembers of attempts that failed. */
export interface Failures {
  /** In a row. */
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly isSuspended: boolean;
}

/** After a decline nothing is asked of the card for so long. */
export const BACK_OFF_MS = HOUR_MS;
/** So many declines in a row, and it is asked for nothing any more. */
export const MOST_FAILURES = 3;

/** The failure of a charge that was not made: the organization's limits against fraud did not let it. */
export const LIMITED = 'PAYMENT_LIMIT';

export const NO_FAILURES: Failures = { failures: 0, retryAt: null, isSuspended: false };

/**
 * Purely: what a rule remembers once an attempt with its card is over. One that somebody has called off says nothing of the
 * card, and is not tried again at once either.
 */
export function failuresAfter(
  before: Failures,
  status: Exclude<PaymentStatus, 'PENDING' | 'AUTHORIZED'>,
  now: Date,
): Failures {
  if (status === 'SETTLED') return NO_FAILURES;
  const failures = status === 'CANCELED' ? before.failures : before.failures + 1;
  const isSuspended = before.isSuspended || failures >= MOST_FAILURES;
  return { failures, isSuspended, retryAt: fromEpochMs(now.getTime() + BACK_OFF_MS) };
}
