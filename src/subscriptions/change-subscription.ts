import { inOrganization, ofVisibleCustomers, type Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { type KeyedCall, once } from '../infra/idempotency.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, isRefusal, type NotFound, notFound } from '../kit/refusal.ts';
import { advance } from './advance.ts';
import { LOCK_SUBSCRIPTION } from './sql/lock-subscription.ts';
import { readSubscription } from './store.ts';
import { type SubscriptionState, subscriptionState } from './subscription.ts';
import { readUsageAhead, type UsageAhead } from './usage-read-ahead.ts';
import {
  type Committed,
  closeWork,
  openWork,
  type SubscriptionsDeps,
  tellCommitted,
  type Work,
} from './work.ts';

export interface SubscriptionChange {
  /** Locks what has to be locked before wallets are; or says why nothing is to be changed. */
  readonly lockFirst?: ((tx: Tx) => Promise<CommonRefusal | null>) | undefined;
  readonly viewer: Viewer;
  readonly call: Omit<KeyedCall, 'organizationId'>;
  /** The TypeID as it was given. */
  readonly subscription: string;
  /** Whether it is to end the period of now, before that is over. */
  readonly isEnding?: boolean;
  /** The version of a plan that the change may bring; it is looked up in the same transaction. */
  readonly versionOf?: (tx: Tx, state: SubscriptionState) => Promise<string | CommonRefusal>;
}

/** What every change of a subscription answers. */
export interface SubscriptionChanged {
  readonly subscriptionId: Id<'subscription'>;
}

/**
 * The shape of every change to one subscription: read the usage of the period that it ends; lock it, then its customer's
 * wallets; do what time has done to it; decide; write once; commit; tell. A refusal rolls everything back.
 */
export async function changeSubscription<Outcome extends object>(
  deps: SubscriptionsDeps,
  change: SubscriptionChange,
  decide: (work: Work) => Promise<Outcome>,
): Promise<Outcome | CommonRefusal> {
  const { organizationId } = inOrganization(change.viewer);
  const ahead = await readAhead(deps, change);
  let committed: Committed | null = null;
  const outcome = await deps.db.transaction((tx) =>
    once<Outcome | CommonRefusal>(tx, deps.clock, { ...change.call, organizationId }, async () => {
      const state = await lockSubscription(tx, change.viewer, change.subscription);
      if (isRefusal(state)) return state;
      const stuck = await change.lockFirst?.(tx);
      if (stuck) return stuck;
      const version = await change.versionOf?.(tx, state);
      if (isRefusal(version)) return version;
      const others = version === undefined ? [] : [version];
      const work = await openWork(tx, deps, state, others, ahead);
      await advance(work);
      const decided = await decide(work);
      if (!isRefusal(decided)) committed = await closeWork(work, deps.watch);
      return decided;
    }),
  );
  if (!isRefusal(outcome) && committed !== null) tellCommitted(deps, committed);
  return outcome;
}

/** Outside the transaction, which could not last for as long as this may. */
async function readAhead(
  { db, clock }: SubscriptionsDeps,
  { viewer, subscription, isEnding = false }: SubscriptionChange,
): Promise<UsageAhead | null> {
  const subscriptionId = fromTypeId('subscription', subscription);
  if (subscriptionId === null) return null;
  const of = { ...ofVisibleCustomers(viewer), subscriptionId, isEnding };
  return readUsageAhead(db.direct, of, clock.now());
}

async function lockSubscription(
  tx: Tx,
  viewer: Viewer,
  typeId: string,
): Promise<SubscriptionState | NotFound> {
  const { organizationId, customerId } = ofVisibleCustomers(viewer);
  const id = fromTypeId('subscription', typeId);
  const [row] = id
    ? await tx.query<{ customer_id: string }>(LOCK_SUBSCRIPTION, [id, organizationId])
    : [];
  const isVisible = row && (customerId === undefined || row.customer_id === customerId);
  if (!id || !isVisible) return notFound('subscription', 'PlanSubscription', typeId);
  return subscriptionState(await readSubscription(tx, id, row.customer_id));
}
