import { inOrganization, type Viewer } from '../access/viewer.ts';
import { nowOf } from '../clocks/now-of.ts';
import { againAfterRace } from '../infra/again-after-race.ts';
import type { Tx } from '../infra/db.ts';
import { once } from '../infra/idempotency.ts';
import { createChecker } from '../kit/check.ts';
import { MINUTE_MS } from '../kit/clock.ts';
import type { Exact } from '../kit/decimal.ts';
import { type Id, newId } from '../kit/ids.ts';
import { type CommonRefusal, conflict, isRefusal } from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { settle, tryToBegin } from './beginning.ts';
import { findOpenOffer } from './find-offer.ts';
import { hasHadTrial } from './has-had-trial.ts';
import type { Offer } from './offer.ts';
import { makeOverrides, type OverridesInput } from './overrides.ts';
import { readTimeZone } from './periods.ts';
import { readAddOns, readSeats } from './read-choices.ts';
import { hasLive, insertSubscription, readTestClock } from './store.ts';
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

/** What is right or wrong whatever the plan says. */
interface Asked {
  readonly startAt: Date | null;
  readonly timeZone: string;
  readonly prefundAmount: Exact | null;
  readonly metadata: Record<string, unknown>;
}

/** How far back a clock may be behind ours. */
const SKEW_MS = 5 * MINUTE_MS;

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
          const state = await draft(tx, deps, viewer, customerId, input, asked, offer);
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

function readAsked(input: CreateSubscriptionInput): Asked | CommonRefusal {
  const check = createChecker();
  const given = input.timeZone ?? 'UTC';
  const timeZone = readTimeZone(given);
  if (timeZone === null) {
    check.note('timeZone', 'BAD_FORMAT', 'Write an IANA name such as "Europe/Berlin".');
  }
  const asked = {
    startAt: check.instant('startAt', input.startAt),
    timeZone: timeZone ?? given,
    prefundAmount:
      input.prefundAmount == null ? null : check.positive('prefundAmount', input.prefundAmount),
    metadata: check.object('metadata', input.metadata),
  };
  return check.fault() ?? asked;
}

async function draft(
  tx: Tx,
  { clock }: SubscriptionsDeps,
  viewer: Viewer,
  customerId: Id<'customer'>,
  input: CreateSubscriptionInput,
  asked: Asked,
  { planId, planVersionId, definition }: Offer,
): Promise<SubscriptionState | CommonRefusal> {
  const testClockId = await readTestClock(tx, customerId);
  const now = await nowOf(tx, clock, testClockId);
  const check = createChecker();
  const seats = readSeats(check, definition, input.seats);
  const addOns = readAddOns(check, definition, input.addOns ?? []);
  if (asked.startAt && asked.startAt.getTime() < now.getTime() - SKEW_MS) {
    check.note('startAt', 'NOT_ALLOWED', 'Must not be before now.');
  }
  if (asked.prefundAmount !== null && definition.asset === null) {
    check.note('prefundAmount', 'NOT_ALLOWED', 'The plan has no asset to pay it in.');
  }
  if (input.trial && definition.trial === null) {
    check.note('trial', 'NOT_ALLOWED', 'The plan has no trial.');
  }
  const fault = check.fault();
  if (fault) return fault;
  if (await hasLive(tx, customerId, planId, null))
    return conflict('plan', 'The customer has a subscription to this plan already.');
  const hasTrial = definition.trial !== null && input.trial !== false;
  if (hasTrial && (await hasHadTrial(tx, customerId, planId))) {
    const message = 'The customer has had a trial of this plan; subscribe with "trial: false".';
    return conflict('trial', message);
  }
  const anchorAt = asked.startAt ?? now;
  return {
    id: newId('subscription'),
    organizationId: viewer.organizationId,
    customerId,
    timeZone: asked.timeZone,
    testClockId,
    createdAt: now,
    prefundAmount: asked.prefundAmount,
    overrides: {},
    planId,
    planVersionId,
    status: 'PENDING',
    seats,
    anchorAt,
    startedAt: null,
    hasTrial,
    trialEndsAt: null,
    trialEndToldAt: null,
    periodStart: null,
    periodEnd: null,
    isInTrial: false,
    cancelAt: null,
    endedAt: null,
    pausedAt: null,
    creditedUntil: null,
    scheduled: null,
    addOns,
    awaitsWalletId: null,
    awaitsVersion: null,
  };
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
