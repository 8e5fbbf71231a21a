import type { Viewer } from '../access/viewer.ts';
import { type CommonRefusal, conflict } from '../kit/refusal.ts';
import { tryNow } from './advance.ts';
import { changeSubscription, type SubscriptionChanged } from './change-subscription.ts';
import { type SubscriptionsDeps, tell } from './work.ts';

export interface UndoScheduledInput {
  readonly subscription: string;
  readonly idempotencyKey?: string | null | undefined;
}

/** Takes back what waits for the end of the period: that it ends, or that its plan changes. */
export function undoScheduledChange(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: UndoScheduledInput,
): Promise<SubscriptionChanged | CommonRefusal> {
  const { subscription } = input;
  const call = { operation: 'undoScheduledChange', input };
  return changeSubscription(deps, { viewer, call, subscription }, async (work) => {
    const { state } = work;
    if (state.cancelAt === null && state.scheduled === null) {
      return conflict('subscription', 'Nothing waits for the end of its period.');
    }
    state.cancelAt = null;
    state.scheduled = null;
    tell(work, 'subscription.updated');
    // What the plan that it stays on costs may well be there.
    if (state.status === 'PAST_DUE') await tryNow(work);
    return { subscriptionId: state.id };
  });
}
