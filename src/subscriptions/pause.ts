import type { Viewer } from '../access/viewer.ts';
import { type CommonRefusal, conflict } from '../kit/refusal.ts';
import type { InsufficientFunds } from '../ledger/refusals.ts';
import { changeSubscription, type SubscriptionChanged } from './change-subscription.ts';
import { beginPeriod } from './renew.ts';
import { leaveCounters } from './settle-counters.ts';
import { writeTerms } from './store.ts';
import { type SubscriptionsDeps, tell } from './work.ts';

export interface PauseInput {
  readonly subscription: string;
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Stops renewals and credits until it is resumed. What is paid is not given back, what was given stays, and
 * meanwhile usage costs what it costs without the plan.
 */
export function pauseSubscription(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: PauseInput,
): Promise<SubscriptionChanged | CommonRefusal> {
  const { subscription } = input;
  const call = { operation: 'pauseSubscription', input };
  return changeSubscription(deps, { viewer, call, subscription }, async (work) => {
    const { state, tx, now } = work;
    if (state.status !== 'ACTIVE') {
      return conflict('subscription', `It is ${state.status}; only an ACTIVE one is paused.`);
    }
    state.status = 'PAUSED';
    state.pausedAt = now;
    await writeTerms(tx, state, null, now, now);
    await leaveCounters(tx, state, now);
    tell(work, 'subscription.paused');
    return { subscriptionId: state.id };
  });
}

/**
 * Goes on with the period that it was paused in, if that has not ended; otherwise with a period that begins
 * now, which has to be paid.
 */
export function resumeSubscription(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: PauseInput,
): Promise<SubscriptionChanged | CommonRefusal | InsufficientFunds> {
  const { subscription } = input;
  const call = { operation: 'resumeSubscription', input };
  return changeSubscription(deps, { viewer, call, subscription }, async (work) => {
    const { state, tx, now } = work;
    if (state.status !== 'PAUSED') return conflict('subscription', 'It is not paused.');
    if (state.periodEnd && state.periodEnd <= now) {
      state.anchorAt = now;
      const refusal = await beginPeriod(work, now);
      if (refusal) return refusal;
    } else {
      // What would have come meanwhile does not come.
      if (state.creditedUntil && state.creditedUntil < now) state.creditedUntil = now;
      state.status = 'ACTIVE';
      await writeTerms(tx, state, state.planVersionId, now, now);
    }
    state.pausedAt = null;
    tell(work, 'subscription.resumed');
    return { subscriptionId: state.id };
  });
}
