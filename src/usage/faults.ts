import { codeOf, isOutage } from '../infra/outage.ts';
import { NotSure } from './commit.ts';

/** PostgreSQL's codes for a transaction that may simply be run again. */
const PASSING = new Set([
  '23505', // unique_violation: another process recorded the same event a moment ago
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: somebody holds a wallet for too long
]);

/**
 * Whether running the batch again may help. After a lost connection nobody knows whether it was committed;
 * running it again finds out, because what was recorded is then a duplicate.
 */
export function isPassing(error: unknown): boolean {
  return PASSING.has(codeOf(error)) || isOutage(error);
}

/** Whether a wallet was not as it was remembered. */
export function isMovedOn(error: unknown): boolean {
  return error instanceof NotSure || codeOf(error) === '40001';
}

/** Classes 22 (data exception) and 23 (integrity): the statement worked, one of its rows did not. */
export function isItemFault(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error));
}
