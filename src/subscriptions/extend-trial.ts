import type { Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { DAY_MS } from '../kit/clock.ts';
import { type CommonRefusal, conflict, invalid } from '../kit/refusal.ts';
import { changeSubscription, type SubscriptionChanged } from './change-subscription.ts';
import { extendCredits } from './extend-credits.ts';
import { moveEnd } from './move-end.ts';
import { scheduleOf } from './subscription.ts';
import { offerNow, type SubscriptionsDeps, tell } from './work.ts';

export interface ExtendTrialInput {
  readonly subscription: string;
  readonly until: unknown;
  readonly idempotencyKey?: string | null | undefined;
}

/** So many days from now on is what a trial may take at the most: it cannot be shortened. */
const MOST_DAYS = 730;

/** Lets a trial end later, and its credits with it; the first period begins there. */
export async function extendTrial(
  deps: SubscriptionsDeps,
  viewer: Viewer,
  input: ExtendTrialInput,
): Promise<SubscriptionChanged | CommonRefusal> {
  const check = createChecker();
  const until = check.instant('until', input.until);
  const fault = check.fault();
  if (fault) return fault;
  const { subscription } = input;
  const call = { operation: 'extendTrial', input };
  return changeSubscription(deps, { viewer, call, subscription }, async (work) => {
    const { state, tx, now } = work;
    const { trialEndsAt, cancelAt } = state;
    if (state.status !== 'TRIALING' || !trialEndsAt) {
      return conflict('subscription', 'It is not in its trial.');
    }
    if (!until || until <= trialEndsAt) {
      const message = `Must be after ${trialEndsAt.toISOString()}, when it ends now.`;
      return invalid({ path: 'until', code: 'NOT_ALLOWED', message });
    }
    if (until.getTime() > now.getTime() + MOST_DAYS * DAY_MS) {
      const message = `Must be within ${MOST_DAYS} days from now.`;
      return invalid({ path: 'until', code: 'OUT_OF_RANGE', message });
    }
    const { definition } = offerNow(work);
    const before = scheduleOf(state, definition, true);
    await moveEnd(tx, state, { endsAt: until }, now);
    Object.assign(state, { trialEndsAt: until, periodEnd: until, anchorAt: until });
    await extendCredits(work, before, scheduleOf(state, definition, true));
    // It is told again when the new end is near, and one that was to end with the trial still does.
    state.trialEndToldAt = null;
    if (cancelAt?.getTime() === trialEndsAt.getTime()) state.cancelAt = until;
    tell(work, 'subscription.updated');
    return { subscriptionId: state.id };
  });
}
