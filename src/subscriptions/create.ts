import { inOrganization, type Viewer } from '../access/viewer.ts';
import { againAfterRace } from '../infra/again-after-race.ts';
import type { Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import type { Id } from '../kit/ids.ts';
import { type CommonRefusal, isRefusal } from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { settle, tryToBegin } from './beginning.ts';
import { type Asked, draftSubscription, readAsked } from './draft-subscription.ts';
import { findOpenOffer } from './find-offer.ts';
import { makeOverrides, type OverridesInput } from './overrides.ts';
import { insertSubscription } from './store.ts';
import type { SubscriptionState } from './subscription.ts';
import {
  type Committed,
  closeWork,
  openWork,
  type SubscriptionsDeps,
  tell,
  tellCommitted,
} from './work.ts';

export interface CreateSubscriptionInput {
  readonly plan: string;
  readonly seats?: number | null | undefined;
  readonly addOns?: readonly string[] | null | undefined;
  readonly startAt?: unknown;
  readonly timeZone?: string | null | undefined;
  readonly trial?: boolean | null | undefined;
  readonly prefundAmount?: unknown;
  readonly overrides?: OverridesInput | null | undefined;
  readonly metadata?: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

export interface SubscriptionMade {
  readonly subscriptionId: Id<'subscription'>;
}

/**
 * Subscribes a customer to the version of a plan that was published last. It begins at once, unless it
 * starts later or has to be prefunded; then the first period, or the trial, begins in the same transaction,
 * or all of it is refused.
 */
export async function createSubscription(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  customerId: Id<'customer'>,
  input: CreateSubscriptionInput,
): Promise<SubscriptionMade | CommonRefusal | InsufficientFunds> {
  const asked = readAsked(input);
  if (isRefusal(asked)) return asked;
  const { organizationId } = inOrganization(viewer);
  const content = { ...input, customerId };
  let committed: Committed | null = null;
  const create = () =>
    deps.db.transaction((tx) =>
      once<SubscriptionMade | CommonRefusal | InsufficientFunds>(
        tx,
        deps.clock,
        { organizationId, operation: 'createSubscription', input: content },
        async () => {
          const offer = await findOpenOffer(tx, viewer, 'plan', input.plan);
          if (isRefusal(offer)) return offer;
          const wanted = { viewer, customerId, input, asked, offer };
          const state = await draftSubscription(tx, deps, wanted);
          if (isRefusal(state)) return state;
          const overrides = await makeOverrides(
            tx,
            viewer,
            state,
            offer.definition,
            input.overrides,
            state.createdAt,
          );
          if (isRefusal(overrides)) return overrides;
          state.overrides = overrides;
          const begun = await beginNew(tx, deps, state, asked);
          if (isRefusal(begun)) return begun;
          committed = begun;
          return { subscriptionId: state.id };
        },
      ),
    );
  // Two that subscribe a customer to one plan at once meet at its unique key.
  const outcome = await againAfterRace(create);
  if (!isRefusal(outcome) && committed !== null) tellCommitted(deps, committed);
  return outcome;
}

/** Begins it if it is to begin now; what there is to tell subscribers, or why it cannot. */
async function beginNew(
  tx: Tx,
  deps: SubscriptionsDeps,
  state: SubscriptionState,
  { startAt, metadata }: Asked,
): Promise<Committed | InsufficientFunds> {
  await insertSubscription(tx, state, { metadata });
  const work = await openWork(tx, deps, state, []);
  if (!startAt) state.anchorAt = work.now;
  tell(work, 'subscription.created');
  if (state.anchorAt <= work.now) {
    const beginning = await tryToBegin(work, state.anchorAt);
    if (beginning.kind === 'SHORT' && state.prefundAmount === null) return beginning.refusal;
    settle(work, beginning);
  }
  return closeWork(work, deps.watch);
}
