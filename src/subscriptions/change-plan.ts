import type { Viewer } from '../access/viewer.ts';
import type { Tx } from '../infra/db.ts';
import { createChecker } from '../kit/check.ts';
import { fromEpochMs } from '../kit/clock.ts';
import {
  type CommonRefusal,
  conflict,
  type Invalid,
  invalid,
  isRefusal,
  type Refusal,
} from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import type { CreditsPolicy } from './change-credits.ts';
import { changeNow, conflictOfPrefund, isOn, type Target, unchangeable } from './change-now.ts';
import { changeSubscription, type SubscriptionChanged } from './change-subscription.ts';
import { countSeatsInUse } from './count-seats-in-use.ts';
import { definitionOf, otherCurrency } from './currency.ts';
import { findChange } from './find-offer.ts';
import { readAddOns, readSeats, seatsWithin } from './read-choices.ts';
import { hasLive } from './store.ts';
import type { SubscriptionState } from './subscription.ts';
import { offerIn, type SubscriptionsDeps, tell, type Work } from './work.ts';

/** What may be asked of a subscription to be on; what is left out stays as it is. */
export interface WantedTerms {
  readonly plan?: string | null | undefined;
  readonly seats?: number | null | undefined;
  readonly addOns?: readonly string[] | null | undefined;
}

export interface ChangePlanInput extends WantedTerms {
  readonly subscription: string;
  readonly when: 'NOW' | 'PERIOD_END';
  readonly credits?: CreditsPolicy | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export type Changed = SubscriptionChanged | CommonRefusal | InsufficientFunds;

/** For whoever makes a change for a reason of his own, or only wants to know what it would do. */
export interface ChangeHooks<Rehearsal extends Refusal = never> {
  /** Looked at before wallets are locked: why nothing is to be changed. What it writes is kept with the change. */
  readonly lockFirst?: (tx: Tx) => Promise<CommonRefusal | null>;
  /** Takes the change back, with what it has done. */
  readonly rehearse?: (work: Work) => Rehearsal;
  /** Rehearses it as of so much later, within the period of now. */
  readonly laterByMs?: number;
}

/** Changes plan, seats and add-ons, any of them, at once or when the period ends. */
export async function changePlan<Rehearsal extends Refusal = never>(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  operation: string,
  input: ChangePlanInput,
  { lockFirst, rehearse, laterByMs = 0 }: ChangeHooks<Rehearsal> = {},
): Promise<Changed | Rehearsal> {
  const { subscription, plan } = input;
  const fault = policyFault(input);
  if (fault) return fault;
  let wanted: string | null = null;
  let used: SeatsUsed | null = null;
  return changeSubscription(
    deps,
    {
      viewer,
      call: { operation, input },
      subscription,
      lockFirst,
      versionOf: async (tx, state) => {
        used = await seatsUsed(tx, state, input);
        if (plan == null) return state.planVersionId;
        const offer = await findChange(tx, viewer, state, plan);
        if (isRefusal(offer)) return offer;
        wanted = offer.planVersionId;
        return offer.planVersionId;
      },
    },
    async (work) => {
      const at = laterByMs === 0 ? work : later(work, laterByMs);
      const refusal = await change(at, wanted ?? work.state.planVersionId, input, used);
      if (refusal) return refusal;
      return rehearse?.(work) ?? { subscriptionId: work.state.id };
    },
  );
}

function later(work: Work, byMs: number): Work {
  const { now, state } = work;
  const endMs = state.periodEnd?.getTime() ?? Number.POSITIVE_INFINITY;
  return {
    ...work,
    now: fromEpochMs(Math.max(now.getTime(), Math.min(now.getTime() + byMs, endMs))),
  };
}

/** What becomes of credits is asked only where they change at once. */
export function policyFault({
  when,
  credits,
}: Pick<ChangePlanInput, 'when' | 'credits'>): Invalid | null {
  if (when === 'NOW' || credits == null) return null;
  const message = 'For a change at once only: a period begins with the credits of its own.';
  return invalid({ path: 'credits', code: 'NOT_ALLOWED', message });
}

async function change(
  work: Work,
  planVersionId: string,
  input: ChangePlanInput,
  used: SeatsUsed | null,
): Promise<CommonRefusal | InsufficientFunds | null> {
  const { state } = work;
  const stuck = unchangeable(state);
  if (stuck) return stuck;
  const target = await readTarget(work, planVersionId, input, used);
  if (isRefusal(target)) return target;
  if (input.when === 'NOW') return changeAtOnce(work, target, input);
  const stays = conflictOfPrefund(work, target);
  if (stays) return stays;
  const { offer, seats, addOns } = target;
  state.scheduled = { planVersionId: offer.planVersionId, seats, addOns };
  tell(work, 'subscription.updated');
  return null;
}

async function changeAtOnce(
  work: Work,
  target: Target,
  input: ChangePlanInput,
): Promise<CommonRefusal | InsufficientFunds | null> {
  const { state } = work;
  const { scheduled, seats, addOns } = state;
  const before = { seats, addOns };
  if (isOn(state, target)) {
    keepScheduled(work, before, input);
    if (scheduled !== null && state.scheduled === null) tell(work, 'subscription.updated');
    return null;
  }
  const refusal = await changeNow(work, target, input.credits ?? 'PRORATE');
  if (!refusal) keepScheduled(work, before, input);
  return refusal;
}

/**
 * A plan that is taken now stands, and nothing waits any more. Otherwise what waits stays as it was asked for:
 * seats and add-ons that were to be those of now go along, within what its plan allows.
 */
function keepScheduled(
  { state, offers }: Work,
  before: Pick<Target, 'seats' | 'addOns'>,
  { plan }: WantedTerms,
): void {
  const { scheduled, planVersionId, seats, addOns } = state;
  if (scheduled === null) return;
  if (plan != null) {
    state.scheduled = null;
    return;
  }
  const { definition } = offerIn(offers, scheduled.planVersionId);
  const isAlong = scheduled.seats === before.seats && definition.seats !== null;
  const isOfThisPlan = scheduled.planVersionId === planVersionId;
  const hadThose = scheduled.addOns.join() === before.addOns.join();
  state.scheduled = {
    ...scheduled,
    ...(isAlong && { seats: seatsWithin(definition, seats) }),
    ...(isOfThisPlan && hadThose && { addOns }),
  };
}

/** What the subscription shall be on, if the plan allows it and no seat is taken from somebody. */
async function readTarget(
  work: Work,
  planVersionId: string,
  { seats: wantedSeats, addOns: wantedAddOns, when }: WantedTerms & Pick<ChangePlanInput, 'when'>,
  used: SeatsUsed | null,
): Promise<Target | CommonRefusal> {
  const { state, tx, offers } = work;
  const offer = offerIn(offers, planVersionId);
  const { definition } = offer;
  const isSamePlan = offer.planId === state.planId;
  const check = createChecker();
  const kept = definition.seats === null ? 1 : state.seats;
  const seats = readSeats(check, definition, wantedSeats ?? kept);
  const known = new Set(definition.addOns.map(({ code }) => code));
  const addOns = readAddOns(
    check,
    definition,
    wantedAddOns ?? state.addOns.filter((code) => known.has(code)),
  );
  const fault = check.fault();
  if (fault) return fault;
  // Who uses a seat now may have none in the next period.
  const isTaken = when === 'NOW' && definition.seats !== null && seats < state.seats;
  const inUse = isTaken ? await inUseNow(work, used) : 0;
  if (seats < inUse) {
    const message = `${inUse} seats are in use in this period.`;
    return invalid({ path: 'seats', code: 'OUT_OF_RANGE', message });
  }
  const isTwice = !isSamePlan && (await hasLive(tx, state.customerId, offer.planId, state.id));
  if (isTwice) return conflict('plan', 'The customer has a subscription to this plan already.');
  const said = { tx, organizationId: state.organizationId, path: 'overrides' };
  if (await otherCurrency(said, definition, definitionOf(state.overrides))) {
    return conflict('plan', 'The overrides of the subscription are in another currency.');
  }
  return { offer, seats, addOns };
}

/** How many seats were in use in the period that began then. */
interface SeatsUsed {
  readonly since: Date;
  readonly count: number;
}

/**
 * A seat is in use by each subject of the customer's usage in the period. They are counted before wallets are locked,
 * for every charge of the customer waits for those.
 */
async function seatsUsed(
  tx: Tx,
  { customerId, periodStart: since, seats }: SubscriptionState,
  { seats: wanted }: WantedTerms,
): Promise<SeatsUsed | null> {
  if (since === null || wanted == null || wanted >= seats) return null;
  return { since, count: await countSeatsInUse(tx, customerId, since, seats) };
}

/** Of a period that has begun since they were counted, they are counted again. */
async function inUseNow({ state, tx }: Work, used: SeatsUsed | null): Promise<number> {
  const { customerId, periodStart, seats } = state;
  if (periodStart === null) return 0;
  if (used?.since.getTime() === periodStart.getTime()) return used.count;
  return countSeatsInUse(tx, customerId, periodStart, seats);
}
