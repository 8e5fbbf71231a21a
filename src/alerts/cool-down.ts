import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Queryable } from '../infra/db.ts';
import { fromEpochMs, SECOND_MS } from '../kit/clock.ts';
import { pagesOf } from '../kit/pages-of.ts';
import { walletKeys } from '../ledger/lock.ts';
import { reconsider } from './reconsider.ts';
import { BUCKET_MS, bucketStart, HORIZON_MS } from './spend.ts';
import { FORGET_SPEND, FORGET_SPEND_OF_CLOCKS } from './sql/spend.ts';
import { FIND_TIMED, FIND_TIMED_OF_CLOCK, HAS_TIMED, type TimedRow } from './sql/timed-alerts.ts';
import type { AlertDeps } from './sweep.ts';

/** Alerts looked at in one transaction. */
const BATCH = 200;

/**
 * Looks again at wallets that were spending too fast: that they spend no more is no charge. What a charge
 * does is evaluated with the charge. Any number of workers may run it. A clock is asked for its own customers,
 * null for those who go by the server's time.
 */
export async function coolDown(
  { db, clock, announce }: AlertDeps,
  testClockId: string | null,
): Promise<void> {
  for await (const rows of pagesOf((after) => findTimed(db.direct, after, testClockId))) {
    const updates = await db.backgroundTransaction((tx) =>
      reconsider(tx, clock, walletKeys(rows), { haveRulesChanged: false }),
    );
    announce(updates);
  }
}

function findTimed(db: Queryable, after: string, testClockId: string | null) {
  return testClockId === null
    ? db.query<TimedRow>(FIND_TIMED, [after, BATCH])
    : db.query<TimedRow>(FIND_TIMED_OF_CLOCK, [after, BATCH, testClockId]);
}

const LOOK_MS = 30 * SECOND_MS;

/** The same as timed work: spend is kept in steps, so that what is over is over with the end of one. */
export function createCoolDown(deps: AlertDeps): TimedWork {
  return {
    name: 'alerts about spending too fast end',
    everyMs: LOOK_MS,
    async nextDue(db, testClockId) {
      if ((await db.query(HAS_TIMED, [testClockId])).length === 0) return null;
      const now = await readNow(db, deps.clock, testClockId);
      return fromEpochMs(bucketStart(now.getTime()) + BUCKET_MS);
    },
    async run(testClockId) {
      await coolDown(deps, testClockId);
      return false;
    },
  };
}

/** Removes spend that no rule looks back to any more, whatever time it is for whom. */
export async function forgetSpend({ db, clock }: AlertDeps): Promise<void> {
  await db.direct.query(FORGET_SPEND, [fromEpochMs(clock.now().getTime() - 2 * HORIZON_MS)]);
  await db.direct.query(FORGET_SPEND_OF_CLOCKS, [2 * HORIZON_MS]);
}
