import { readNow } from '../clocks/now-of.ts';
import type { TimedWork } from '../clocks/timed-work.ts';
import type { Tx } from '../infra/db.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { advance } from './advance.ts';
import { type DueRow, FIND_DUE, FIND_DUE_OF_CLOCK, NEXT_DUE } from './sql/find-due.ts';
import { LOCK_IF_FREE } from './sql/lock-subscription.ts';
import { readSubscription } from './store.ts';
import { type SubscriptionState, subscriptionState } from './subscription.ts';
import { closeWork, openWork, type SubscriptionsDeps, tellCommitted } from './work.ts';

interface Done {
  readonly state: SubscriptionState;
  readonly updates: BalanceUpdate[];
}

/** Looked for at once; each is a transaction of its own, so that none waits for another's wallet. */
const BATCH = 100;

/**
 * What time brings about for subscriptions: beginnings, trial ends, renewals, credits that come more often,
 * ends, and what lacked funds. Any number of workers may run it: a subscription is locked, and what is due is
 * found out behind the lock.
 */
export function createRenewals(deps: SubscriptionsDeps): TimedWork {
  return {
    name: 'subscriptions begin, renew and end',
    async nextDue(db, testClockId) {
      const [row] = await db.query<{ at: Date | null }>(NEXT_DUE, [testClockId]);
      return row?.at ?? null;
    },
    async run(testClockId) {
      const due = await findDue(deps, testClockId);
      await eachInTurn(due, async (row) => {
        const done = await deps.db.transaction((tx) => runOne(tx, deps, row));
        if (done) tellCommitted(deps, done.state, done.updates);
      });
      return due.length >= BATCH;
    },
  };
}

/** One that fails keeps none of the others; that it did is told in the end. */
async function eachInTurn<Row>(rows: readonly Row[], work: (row: Row) => Promise<void>) {
  const failures: unknown[] = [];
  for (const row of rows) await work(row).catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function findDue({ db, clock }: SubscriptionsDeps, testClockId: string | null) {
  const { direct } = db;
  const now = await readNow(direct, clock, testClockId);
  return testClockId === null
    ? direct.query<DueRow>(FIND_DUE, [now, BATCH])
    : direct.query<DueRow>(FIND_DUE_OF_CLOCK, [now, BATCH, testClockId]);
}

/** Null when somebody else has it in hand, or nothing is due any more. */
async function runOne(tx: Tx, deps: SubscriptionsDeps, due: DueRow): Promise<Done | null> {
  const [row] = await tx.query<{ customer_id: string }>(LOCK_IF_FREE, [
    due.id,
    due.organization_id,
  ]);
  if (!row) return null;
  const state = subscriptionState(await readSubscription(tx, due.id, row.customer_id));
  const work = await openWork(tx, deps, state, []);
  return (await advance(work)) ? { state, updates: await closeWork(work, deps.watch) } : null;
}
