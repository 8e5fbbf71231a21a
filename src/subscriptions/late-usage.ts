import { doApart } from '../clocks/failed-work.ts';
import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Queryable } from '../infra/db.ts';
import { MINUTE_MS } from '../kit/clock.ts';
import { giveWay } from './give-way.ts';
import {
  FIND_LATE_USAGE,
  FIND_LATE_USAGE_OF_CLOCK,
  type LateUsageRow,
  NEXT_LATE_USAGE,
  PASS_OVER,
} from './sql/find-late-usage.ts';
import type { SubscriptionsDeps } from './work.ts';

/** Looked for at once. */
const BATCH = 500;

/** Before all ids. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Usage of a period that was closed may come for as long as usage is accepted. It is charged like any other; here what
 * was charged instead of it, to make up a minimum, gives way to it. Only wallets on which something was booked are
 * looked at, and only what was booked since.
 */
export function createLateUsage(deps: SubscriptionsDeps): TimedWork {
  const { clock, announce } = deps;
  const { direct } = deps.db;

  /** One page of those that may have to give way; where the next begins, null behind the last. */
  async function look(now: Date, testClockId: string | null, behind: string) {
    const found = await findLateUsage(direct, now, testClockId, behind);
    await passOver(direct, found);
    await doApart(direct, {
      work: 'true_up',
      rows: found.filter(needsLook),
      keyOf: ({ id }) => id,
      partOf: ({ id }) => id,
      now,
      testClockId,
      run: async (rows) => {
        for (const row of rows) {
          announce(await deps.db.transaction((tx) => giveWay(tx, deps, row)));
        }
      },
    });
    return found.length < BATCH ? null : (found.at(-1)?.id ?? null);
  }

  return {
    name: 'true-ups give way to late usage',
    everyMs: MINUTE_MS,
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_LATE_USAGE, [testClockId]);
      return row?.at ?? null;
    },
    async run(testClockId) {
      const now = await readNow(direct, clock, testClockId);
      let behind: string | null = NOBODY;
      while (behind !== null) behind = await look(now, testClockId, behind);
      return false;
    },
  };
}

function findLateUsage(
  db: Queryable,
  now: Date,
  testClockId: string | null,
  behind: string,
): Promise<LateUsageRow[]> {
  return testClockId === null
    ? db.query<LateUsageRow>(FIND_LATE_USAGE, [now, behind, BATCH])
    : db.query<LateUsageRow>(FIND_LATE_USAGE_OF_CLOCK, [now, behind, BATCH, testClockId]);
}

function needsLook({ is_over: isOver, has_usage: hasUsage }: LateUsageRow): boolean {
  return isOver || hasUsage;
}

/** Those on whose wallets something else was booked. */
async function passOver(db: Queryable, found: readonly LateUsageRow[]): Promise<void> {
  const others = found.filter((row) => !needsLook(row));
  if (others.length === 0) return;
  await db.query(PASS_OVER, [
    others.map(({ id }) => id),
    others.map((row) => row.looked_until),
    others.map((row) => row.last_sequence),
  ]);
}
