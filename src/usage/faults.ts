import { codeOf, isInTheWay, isOutage } from '../infra/outage.ts';
import { NotSure } from './commit.ts';

/**
 * Whether running the batch again may help. After a lost connection nobody knows whether it was committed;
 * running it again finds out, because what was recorded is then a duplicate.
 */
export function mayBeRunAgain(error: unknown): boolean {
  return isMemoryFault(error) || isInTheWay(error) || isOutage(error);
}

/** PostgreSQL's codes for what happens when a batch was decided on an old state. */
const OUTDATED = new Set([
  '23505', // unique_violation: an event was recorded before, or by another process a moment ago
  '40001', // serialization_failure: a wallet has moved on
]);

/** Whether what was remembered was not enough to decide on. */
export function isMemoryFault(error: unknown): boolean {
  return error instanceof NotSure || OUTDATED.has(codeOf(error));
}

/** Classes 22 (data exception) and 23 (integrity): the statement worked, one of its rows did not. */
export function isItemFault(error: unknown): boolean {
  return /^2[23]/.test(codeOf(error));
}
