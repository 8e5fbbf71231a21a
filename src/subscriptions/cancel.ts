import type { Viewer } from '../access/viewer.ts';
import { type CommonRefusal, conflict } from '../kit/refusal.ts';
import { changeSubscription, type SubscriptionChanged } from './change-subscription.ts';
import { endSubscription } from './end.ts';
import { type SubscriptionsDeps, tell } from './work.ts';

export interface CancelSubscriptionInput {
  readonly subscription: string;
  readonly when: 'NOW' | 'PERIOD_END';
  readonly idempotencyKey?: string | null | undefined;
}

/**
 * Ends a subscription now, or at the end of the period that is paid for. One that has not begun, or has
 * nothing paid to its end, ends now either way.
 */
export function cancelSubscription(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: CancelSubscriptionInput,
): Promise<SubscriptionChanged | CommonRefusal> {
  const { subscription } = input;
  const call = { operation: 'cancelSubscription', input };
  const of = { viewer, call, subscription, isEnding: input.when === 'NOW' };
  return changeSubscription(deps, of, async (work) => {
    const { state, now } = work;
    if (state.status === 'CANCELED') return conflict('subscription', 'It has ended already.');
    const end = state.status === 'PENDING' || state.status === 'PAST_DUE' ? null : state.periodEnd;
    if (input.when === 'NOW' || end === null || end <= now) {
      await endSubscription(work, now);
    } else {
      state.cancelAt = end;
      tell(work, 'subscription.updated');
    }
    return { subscriptionId: state.id };
  });
}
