import { doApart } from '../clocks/failed-work.ts';
import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Queryable, Tx } from '../infra/db.ts';
import { BEFORE_ALL } from '../kit/ids.ts';
import { advance } from './advance.ts';
import {
  type DueRow,
  FIND_DUE,
  FIND_DUE_OF_CLOCK,
  FIND_FUNDED,
  type FundedRow,
  NEXT_DUE,
} from './sql/find-due.ts';
import { LOCK_IF_FREE } from './sql/lock-subscription.ts';
import { readSubscription } from './store.ts';
import { subscriptionState } from './subscription.ts';
import { readUsageAhead, type UsageAhead } from './usage-read-ahead.ts';
import {
  type Committed,
  closeWork,
  openWork,
  type SubscriptionsDeps,
  tellCommitted,
} from './work.ts';

/** Looked for at once; each is a transaction of its own, so that none waits for another's wallet. */
const BATCH = 100;

/** Those that lack funds and are looked at in one run; no more customers go by one test clock. */
const LOOKED_AT = 1_000;

/**
 * What time brings about for subscriptions: beginnings, trial ends, renewals, credits that come more often,
 * ends, and what lacked funds. Any number of workers may run it: a subscription is locked, and what is due is
 * found out behind the lock.
 */
export function createRenewals(deps: SubscriptionsDeps): TimedWork {
  const { clock } = deps;
  const { direct } = deps.db;
  let lookedAt = BEFORE_ALL;

  /** The next of those that wait: where there are many, a run looks at some of them, and goes round. */
  async function findFunded(now: Date, testClockId: string | null): Promise<readonly DueRow[]> {
    const behind = testClockId === null ? lookedAt : BEFORE_ALL;
    const [row] = await direct.query<FundedRow>(FIND_FUNDED, [now, testClockId, behind, LOOKED_AT]);
    if (testClockId === null) lookedAt = (row?.count === LOOKED_AT && row.last) || BEFORE_ALL;
    return row?.due ?? [];
  }

  return {
    name: 'subscriptions begin, renew and end',
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_DUE, [testClockId]);
      return row?.at ?? null;
    },
    async run(testClockId) {
      const now = await readNow(direct, clock, testClockId);
      const due = await findDue(direct, now, testClockId);
      const funded = await findFunded(now, testClockId);
      const rows = [...new Map([...due, ...funded].map((row) => [row.id, row])).values()];
      await doApart(direct, {
        work: 'subscription',
        rows,
        keyOf: ({ id }) => id,
        partOf: ({ id }) => id,
        now,
        testClockId,
        run: async ([row]) => {
          if (!row) return;
          const of = { subscriptionId: row.id, organizationId: row.organization_id };
          const ahead = await readUsageAhead(direct, of, now);
          const done = await deps.db.transaction((tx) => runOne(tx, deps, row, ahead));
          if (done) tellCommitted(deps, done);
        },
      });
      return due.length >= BATCH;
    },
  };
}

function findDue(direct: Queryable, now: Date, testClockId: string | null) {
  return testClockId === null
    ? direct.query<DueRow>(FIND_DUE, [now, BATCH])
    : direct.query<DueRow>(FIND_DUE_OF_CLOCK, [now, BATCH, testClockId]);
}

/** Null when somebody else has it in hand, or nothing is due any more. */
async function runOne(
  tx: Tx,
  deps: SubscriptionsDeps,
  due: DueRow,
  ahead: UsageAhead | null,
): Promise<Committed | null> {
  const [row] = await tx.query<{ customer_id: string }>(LOCK_IF_FREE, [
    due.id,
    due.organization_id,
  ]);
  if (!row) return null;
  const state = subscriptionState(await readSubscription(tx, due.id, row.customer_id));
  const work = await openWork(tx, deps, state, [], ahead);
  return (await advance(work)) ? closeWork(work, deps.watch) : null;
}
