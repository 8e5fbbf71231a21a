import type { PlanDefinition } from '../catalog/plans/definition.ts';
import { DAY_MS, fromEpochMs } from '../kit/clock.ts';
import { nextSlotStart } from './credits.ts';
import { creditsOf, type SubscriptionState, scheduleOf } from './subscription.ts';

/** What time alone brings about. */
export interface Step {
  readonly kind: 'BEGIN' | 'TELL_TRIAL_END' | 'GIVE_CREDITS' | 'RENEW' | 'CANCEL';
  readonly at: Date;
}

/** How long before its end a trial is told to end. */
const TRIAL_NOTICE_MS = 3 * DAY_MS;

/**
 * What comes next, and when, unless somebody changes something; null when it only waits for that, or for
 * money. At one instant a cancellation comes before everything else, and credits after the renewal.
 */
export function nextStep(state: SubscriptionState, definition: PlanDefinition): Step | null {
  const steps = stepsOf(state, definition);
  if (state.cancelAt) steps.unshift({ kind: 'CANCEL', at: state.cancelAt });
  return steps.reduce<Step | null>(
    (first, step) => (first === null || step.at < first.at ? step : first),
    null,
  );
}

function stepsOf(state: SubscriptionState, definition: PlanDefinition): Step[] {
  const { status, anchorAt, periodStart, periodEnd, trialEndToldAt } = state;
  if (status === 'PENDING' && state.awaitsWalletId === null)
    return [{ kind: 'BEGIN', at: anchorAt }];
  if (status !== 'TRIALING' && status !== 'ACTIVE') return [];
  if (!periodStart || !periodEnd) throw new Error(`A subscription is ${status} without a period.`);
  const steps: Step[] = [{ kind: 'RENEW', at: periodEnd }];
  if (status === 'TRIALING' && trialEndToldAt === null) {
    const noticeMs = periodEnd.getTime() - TRIAL_NOTICE_MS;
    const at = fromEpochMs(Math.max(noticeMs, periodStart.getTime()));
    steps.push({ kind: 'TELL_TRIAL_END', at });
  }
  const credits = nextSlotStart(
    creditsOf(definition, state, state.isInTrial),
    scheduleOf(state, definition, false),
    state.creditedUntil ?? periodStart,
  );
  if (credits) steps.push({ kind: 'GIVE_CREDITS', at: credits });
  return steps;
}
