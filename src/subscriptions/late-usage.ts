import { doApart } from '../clocks/failed-work.ts';
import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Queryable } from '../infra/db.ts';
import { MINUTE_MS } from '../kit/clock.ts';
import { exact, roundTo } from '../kit/decimal.ts';
import { pagesOf } from '../kit/pages-of.ts';
import { giveWay } from './give-way.ts';
import {
  FIND_LATE_USAGE,
  FIND_LATE_USAGE_OF_CLOCK,
  type LateUsageRow,
  NEXT_LATE_USAGE,
  PASS_OVER,
} from './sql/find-late-usage.ts';
import { AT_ONCE } from './usage-of-period.ts';
import type { SubscriptionsDeps } from './work.ts';

/** Looked for at once. */
const BATCH = 500;

/**
 * Usage of a period that was closed may come for as long as usage is accepted. It is charged like any other; here what
 * was charged instead of it, to make up a minimum, gives way to it. Only wallets on which something was booked are
 * looked at, and only what was booked since: piece by piece where that is much, so that nobody waits for one wallet.
 */
export function createLateUsage(deps: SubscriptionsDeps, atOnce = AT_ONCE): TimedWork {
  const { clock, announce } = deps;
  const { direct } = deps.db;

  function find(now: Date, testClockId: string | null, behind: string) {
    const values = [now, behind, BATCH, atOnce];
    return testClockId === null
      ? direct.query<LateUsageRow>(FIND_LATE_USAGE, values)
      : direct.query<LateUsageRow>(FIND_LATE_USAGE_OF_CLOCK, [...values, testClockId]);
  }

  async function look(
    found: readonly LateUsageRow[],
    now: Date,
    testClockId: string | null,
  ): Promise<void> {
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
          announce(await deps.db.transaction((tx) => giveWay(tx, deps, row, atOnce)));
        }
      },
    });
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
      let isMore = false;
      for await (const found of pagesOf((behind) => find(now, testClockId, behind))) {
        await look(found, now, testClockId);
        isMore ||= found.some((row) => row.until < row.last_sequence);
      }
      return isMore;
    },
  };
}

/** With the last piece also where usage was in one before: what comes back of it is known only then. */
function needsLook(row: LateUsageRow): boolean {
  if (row.has_usage) return true;
  const isLast = row.until === row.last_sequence;
  return isLast && (row.is_over || roundTo(exact(row.missing), row.scale) < exact(row.remaining));
}

/** Those on whose wallets something else was booked. */
async function passOver(db: Queryable, found: readonly LateUsageRow[]): Promise<void> {
  const others = found.filter((row) => !needsLook(row));
  if (others.length === 0) return;
  await db.query(PASS_OVER, [
    others.map(({ id }) => id),
    others.map((row) => row.looked_until),
    others.map(({ until }) => until),
  ]);
}
