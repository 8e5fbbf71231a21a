import type { Viewer } from '../access/viewer.ts';
import { once } from '../infra/idempotency.ts';
import { createChecker } from '../kit/check.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type Conflict, type IdempotencyMismatch, type Invalid, invalid } from '../kit/refusal.ts';
import { liveRefusal } from './live-refusal.ts';
import type { ClocksDeps } from './service.ts';
import { countClocks, insertClock, lockClocks } from './store.ts';
import { tooFar } from './too-far.ts';

export interface CreateTestClockInput {
  readonly name: string;
  readonly now?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

/** What a change of a clock answers with. */
export interface TestClockChanged {
  readonly testClockId: Id<'testClock'>;
}

/** Clocks of an organization that are not deleted. */
export const MAX_CLOCKS = 100;
const NAME_MAX = 100;

/** A clock that stands at an instant, by default that of the server. */
export async function createTestClock(
  { db, clock }: ClocksDeps,
  viewer: Viewer,
  input: CreateTestClockInput,
): Promise<TestClockChanged | Invalid | Conflict | IdempotencyMismatch> {
  const check = createChecker();
  const name = check.text('name', input.name, NAME_MAX);
  const now = check.instant('now', input.now);
  const fault = check.fault() ?? tooFar('now', now) ?? liveRefusal(viewer, 'name');
  if (fault) return fault;
  const { organizationId } = viewer;
  return db.transaction((tx) =>
    once<TestClockChanged | Invalid>(
      tx,
      clock,
      { organizationId, operation: 'createTestClock', input },
      async () => {
        await lockClocks(tx, viewer);
        if ((await countClocks(tx, viewer)) >= MAX_CLOCKS) return tooMany();
        const createdAt = clock.now();
        const testClockId = newId('testClock');
        await insertClock(tx, viewer, { id: testClockId, name, now: now ?? createdAt, createdAt });
        return { testClockId };
      },
    ),
  );
}

function tooMany() {
  const message = `At most ${MAX_CLOCKS} test clocks in an organization: delete some.`;
  return invalid({ path: 'name', code: 'TOO_MANY', message });
}
