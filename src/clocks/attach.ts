import type { Viewer } from '../access/viewer.ts';
import type { Queryable, Statement } from '../infra/db.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type Conflict, type Invalid, invalid, type NotFound, notFound } from '../kit/refusal.ts';
import { liveRefusal } from './live-refusal.ts';
import { type ClockRow, LOCK_CLOCK } from './sql/step.ts';

/** Customers that go by one clock. */
export const MAX_CUSTOMERS = 1_000;

const COUNT_CUSTOMERS: Statement = {
  name: 'clocks.count_customers',
  text: 'SELECT count(*)::int AS count FROM customers WHERE test_clock_id = $1::uuid',
};

/** A clock that a customer may be made with, and what time it is by it. */
export interface Attached {
  readonly testClockId: Id<'testClock'>;
  readonly now: Date;
}

/** Holds the clock that an input names, until the customer who shall go by it is stored. */
export async function attach(
  tx: Queryable,
  viewer: Viewer,
  given: string,
): Promise<Attached | NotFound | Conflict | Invalid> {
  const fault = liveRefusal(viewer, 'testClock');
  if (fault) return fault;
  const testClockId = fromTypeId('testClock', given);
  const [row] = testClockId
    ? await tx.query<ClockRow>(LOCK_CLOCK, [testClockId, viewer.organizationId])
    : [];
  if (!testClockId || !row) return notFound('testClock', 'TestClock', given);
  const [customers] = await tx.query<{ count: number }>(COUNT_CUSTOMERS, [testClockId]);
  return (customers?.count ?? 0) < MAX_CUSTOMERS ? { testClockId, now: row.now } : tooMany();
}

function tooMany() {
  const message = `At most ${MAX_CUSTOMERS} customers go by one test clock.`;
  return invalid({ path: 'testClock', code: 'TOO_MANY', message });
}
