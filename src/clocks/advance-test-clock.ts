import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { createChecker } from '../kit/check.ts';
import { DAY_MS } from '../kit/clock.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import {
  type CommonRefusal,
  type Conflict,
  conflict,
  type Invalid,
  invalid,
  type NotFound,
  notFound,
} from '../kit/refusal.ts';
import type { TestClockChanged } from './create-test-clock.ts';
import { liveRefusal } from './live-refusal.ts';
import type { ClocksDeps } from './service.ts';
import { QUEUE_ADVANCE } from './sql/add-job.ts';
import { type ClockRow, DEPART, LOCK_CLOCK } from './sql/step.ts';
import { tooFar } from './too-far.ts';

export interface AdvanceTestClockInput {
  readonly clock: string;
  readonly to: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

/** How far at a time, in days: two years and a leap day. */
const MAX_ADVANCE_DAYS = 731;

/** Sends a clock on its way; a worker brings it there. */
export async function advanceTestClock(
  { db, clock }: ClocksDeps,
  viewer: Viewer,
  input: AdvanceTestClockInput,
): Promise<TestClockChanged | CommonRefusal> {
  const check = createChecker();
  const to = check.instant('to', input.to);
  const fault = check.fault() ?? tooFar('to', to) ?? liveRefusal(viewer, 'clock');
  if (fault) return fault;
  const id = fromTypeId('testClock', input.clock);
  if (!id || !to) return notFound('clock', 'TestClock', input.clock);
  const { organizationId } = viewer;
  return db.transaction((tx) =>
    once<TestClockChanged | NotFound | Conflict | Invalid>(
      tx,
      clock,
      { organizationId, operation: 'advanceTestClock', input },
      () => depart(tx, viewer, id, to, input.clock),
    ),
  );
}

async function depart(
  tx: Tx,
  { organizationId }: Viewer,
  id: Id<'testClock'>,
  to: Date,
  given: string,
): Promise<TestClockChanged | NotFound | Conflict | Invalid> {
  const [row] = await tx.query<ClockRow>(LOCK_CLOCK, [id, organizationId]);
  if (!row) return notFound('clock', 'TestClock', given);
  if (row.target) {
    const message = `It is being advanced to ${row.target.toISOString()}; wait until it is READY.`;
    return conflict('clock', message);
  }
  const fault = outOfReach(row.now, to);
  if (fault) return fault;
  await tx.query(DEPART, [id, to]);
  await tx.query(QUEUE_ADVANCE, [id]);
  return { testClockId: id };
}

function outOfReach(now: Date, to: Date): Invalid | null {
  if (to < now) {
    const message = `Time goes forward only, and the clock stands at ${now.toISOString()}.`;
    return invalid({ path: 'to', code: 'NOT_ALLOWED', message });
  }
  if (to.getTime() - now.getTime() <= MAX_ADVANCE_DAYS * DAY_MS) return null;
  const message = `At most ${MAX_ADVANCE_DAYS} days at a time.`;
  return invalid({ path: 'to', code: 'OUT_OF_RANGE', message });
}
