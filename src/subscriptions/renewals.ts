import type { Tx } from '../infra/db.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import { advance } from './advance.ts';
import { type DueRow, FIND_DUE } from './sql/find-due.ts';
import { LOCK_IF_FREE } from './sql/lock-subscription.ts';
import { readSubscription } from './store.ts';
import { subscriptionState } from './subscription.ts';
import { closeWork, openWork, type SubscriptionsDeps } from './work.ts';

/** Looked for at once; each is a transaction of its own, so that none waits for another's wallet. */
const BATCH = 100;

/**
 * Does what time has brought about for subscriptions: beginnings, trial ends, renewals, credits that come
 * more often, ends, and what lacked funds. Any number of workers may run it: a subscription is locked, and
 * what is due is found out behind the lock. True when more may be due.
 */
export async function runDue(deps: SubscriptionsDeps): Promise<boolean> {
  const due = await deps.db.direct.query<DueRow>(FIND_DUE, [deps.clock.now(), BATCH]);
  for (const row of due) {
    deps.announce(await deps.db.transaction((tx) => runOne(tx, deps, row)));
  }
  return due.length >= BATCH;
}

async function runOne(tx: Tx, deps: SubscriptionsDeps, due: DueRow): Promise<BalanceUpdate[]> {
  const [row] = await tx.query<{ customer_id: string }>(LOCK_IF_FREE, [
    due.id,
    due.organization_id,
  ]);
  if (!row) return [];
  const state = subscriptionState(await readSubscription(tx, due.id, row.customer_id));
  const work = await openWork(tx, deps, state, []);
  return (await advance(work)) ? closeWork(work, deps.watch) : [];
}
