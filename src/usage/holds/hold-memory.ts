import { createRecentMarks } from '../../kit/recent-marks.ts';
import { idempotencyKeyOf } from './find-holds.ts';
import type { HoldOperation } from './operation.ts';

/**
 * Remembers which idempotency keys of holds were used lately, as `EventMemory` does for events. The unique key of
 * the holds makes good what it forgets.
 */
export interface HoldMemory {
  /** Those whose key may have been used already. */
  suspects(operations: readonly HoldOperation[]): readonly HoldOperation[];
  keep(operation: HoldOperation): void;
}

export function createHoldMemory(keys: number): HoldMemory {
  const used = createRecentMarks(keys);
  return {
    suspects: (operations) =>
      operations.filter((operation) => {
        const key = idempotencyKeyOf(operation);
        return key !== null && used.has(operation.customerId, key);
      }),
    keep(operation) {
      const key = idempotencyKeyOf(operation);
      if (key !== null) used.mark(operation.customerId, key);
    },
  };
}
