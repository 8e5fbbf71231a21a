import { fromEpochMs, HOUR_MS } from '../../kit/clock.ts';
import { ONE } from '../../kit/decimal.ts';
import { chargeOf, type RechargeCharge } from './charge-of.ts';
import type { RechargeStanding, RechargeStatus, RechargeTerms } from './rule.ts';

/** Why a rule waits though its wallet is low. */
export type WaitReason =
  /** The last attempt failed. */
  | 'DECLINED'
  /** The last one was started a moment ago. */
  | 'COOLDOWN'
  /** Money for the wallet is on its way. */
  | 'PROMISED'
  /** The method was removed, or its provider disabled. */
  | 'NO_METHOD'
  /** Nobody has said what the money is credited as, or it would be nothing. */
  | 'NO_RATE';

export type CapReason = 'COUNT' | 'AMOUNT';

/** What becomes of a rule. `until` is when time alone may make something else of it. */
export type RechargeDecision =
  | { readonly status: Exclude<RechargeStatus, 'WAITING' | 'CAPPED'>; readonly charge: null }
  | { readonly status: 'WAITING'; readonly reason: WaitReason; readonly until: Date }
  | { readonly status: 'CAPPED'; readonly reason: CapReason; readonly until: Date }
  | { readonly status: 'IN_FLIGHT'; readonly charge: RechargeCharge };

/** How often is looked whether what only somebody else can change has changed. */
export const LOOK_AGAIN_MS = HOUR_MS;

/**
 * Purely: whether a wallet is recharged now. Whoever asks holds it, so that nobody else decides on the same. What is in flight
 * blocks another and counts for the caps as if it were paid.
 */
export function decide(terms: RechargeTerms, standing: RechargeStanding): RechargeDecision {
  const { now, free, retryAt, lastStartedAt } = standing;
  if (standing.isInFlight) return { status: 'IN_FLIGHT', charge: null };
  if (!terms.isEnabled) return { status: 'DISABLED', charge: null };
  if (standing.isSuspended) return { status: 'SUSPENDED', charge: null };
  if (free >= terms.threshold) return { status: 'ARMED', charge: null };
  if (retryAt !== null && retryAt > now) return wait('DECLINED', retryAt);
  const rested = lastStartedAt && fromEpochMs(lastStartedAt.getTime() + terms.cooldownMs);
  if (rested !== null && rested > now) return wait('COOLDOWN', rested);
  const later = fromEpochMs(now.getTime() + LOOK_AGAIN_MS);
  if (free + standing.promised >= terms.threshold) return wait('PROMISED', later);
  if (!standing.canCharge) return wait('NO_METHOD', later);
  const charge = standing.rate && chargeOf(terms, free + standing.promised, standing.rate);
  if (!charge) return wait('NO_RATE', later);
  if (standing.usedCount >= terms.maxCount) return cap('COUNT', standing.periodEnd);
  if (standing.usedAmount + charge.amount > terms.maxAmount) {
    return cap('AMOUNT', standing.periodEnd);
  }
  return { status: 'IN_FLIGHT', charge };
}

/** What is paid in the asset that it is credited in is credited as it is. */
export const SAME_ASSET = ONE;

function wait(reason: WaitReason, until: Date): RechargeDecision {
  return { status: 'WAITING', reason, until };
}

function cap(reason: CapReason, until: Date): RechargeDecision {
  return { status: 'CAPPED', reason, until };
}
