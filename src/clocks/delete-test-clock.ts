import type { Viewer } from '../access/viewer.ts';
import { once } from '../infra/idempotency.ts';
import { fromTypeId } from '../kit/ids.ts';
import {
  type Conflict,
  type IdempotencyMismatch,
  type Invalid,
  type NotFound,
  notFound,
} from '../kit/refusal.ts';
import type { TestClockChanged } from './create-test-clock.ts';
import { liveRefusal } from './live-refusal.ts';
import type { ClocksDeps } from './service.ts';
import { DELETE, LOCK_CLOCK } from './sql/step.ts';

export interface DeleteTestClockInput {
  readonly clock: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** Makes a clock stand still for ever, also on its way; its customers keep its time and what they have. */
export async function deleteTestClock(
  { db, clock }: ClocksDeps,
  viewer: Viewer,
  input: DeleteTestClockInput,
): Promise<TestClockChanged | NotFound | Conflict | Invalid | IdempotencyMismatch> {
  const fault = liveRefusal(viewer, 'clock');
  if (fault) return fault;
  const testClockId = fromTypeId('testClock', input.clock);
  if (!testClockId) return notFound('clock', 'TestClock', input.clock);
  const { organizationId } = viewer;
  return db.transaction((tx) =>
    once<TestClockChanged | NotFound>(
      tx,
      clock,
      { organizationId, operation: 'deleteTestClock', input },
      async () => {
        const found = await tx.query(LOCK_CLOCK, [testClockId, organizationId]);
        if (found.length === 0) return notFound('clock', 'TestClock', input.clock);
        await tx.query(DELETE, [testClockId, clock.now()]);
        return { testClockId };
      },
    ),
  );
}
