import type { Exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { Issue } from '../kit/refusal.ts';
import type { Use } from './cost.ts';
import type { Bound } from './gate.ts';

export type DecisionOutcome = 'ALLOW' | 'THROTTLE' | 'DENY';

/** Why it is denied or throttled, or was not decided on at all. */
export type DecisionReason =
  | 'INSUFFICIENT_FUNDS'
  | 'OVERDRAWN'
  | 'CUSTOMER_NOT_FOUND'
  | 'METRIC_NOT_FOUND'
  | 'ASSET_NOT_FOUND'
  | 'EVENT_TYPE_UNKNOWN'
  | 'PRICE_NOT_FOUND'
  | 'EVENT_TOO_OLD'
  | 'EVENT_IN_FUTURE'
  | 'FEATURE_NOT_FOUND'
  | 'NOT_ENTITLED'
  | 'LIMIT_REACHED'
  | 'WINDOW_LIMIT_REACHED'
  | 'SUBJECT_LIMIT_REACHED'
  | 'SPEND_CAP_REACHED'
  | 'INPUT_INVALID'
  | 'UNAVAILABLE';

/** What is answered when nobody can know. */
export type OnUnavailable = 'ALLOW' | 'DENY';

/** Whether somebody may consume something, and what that was decided on. Amounts in the asset. */
export interface Decision {
  readonly outcome: DecisionOutcome;
  readonly reason: DecisionReason | null;
  /** Its place among the checks of its request. */
  readonly index: number;
  /** The asset and wallet that decided; null where nothing would be charged. */
  readonly assetId: Id<'asset'> | null;
  readonly walletId: Id<'wallet'> | null;
  /** What it could draw on; null where there is no end to it, and where nothing would be charged. */
  readonly available: Exact | null;
  readonly required: Exact | null;
  readonly shortfall: Exact | null;
  /** The bound of the right that decided, what is used of it, and when it begins anew; of a feature only. */
  readonly limit: Exact | null;
  readonly used: Exact | null;
  readonly resetsAt: Date | null;
  /** What a right would have to cover; null where it is not denied for one. */
  readonly lacking: Lacking | null;
  /** What is wrong with the check, for INPUT_INVALID. */
  readonly issues: readonly Issue[];
  /** When what it was decided on was read, or last found to be what is stored. */
  readonly asOf: Date;
}

/** A use that no right covers, with what is used so far of all that ends the right of now. */
export interface Lacking {
  readonly use: Use;
  /** By the customer's time. */
  readonly at: Date;
  /** Whether it is the use of a single subject. */
  readonly isOfSubject: boolean;
  readonly bounds: readonly Bound[];
}

/** A decision of which nothing more is known than why. */
export function denied(
  reason: DecisionReason,
  index: number,
  asOf: Date,
  issues: readonly Issue[] = [],
): Decision {
  return withoutFacts('DENY', reason, index, asOf, issues);
}

/** Nobody can know: the caller has said what to answer then. */
export function unavailable(outcome: OnUnavailable, index: number, asOf: Date): Decision {
  return withoutFacts(outcome, 'UNAVAILABLE', index, asOf, []);
}

function withoutFacts(
  outcome: DecisionOutcome,
  reason: DecisionReason,
  index: number,
  asOf: Date,
  issues: readonly Issue[],
): Decision {
  return {
    outcome,
    reason,
    index,
    assetId: null,
    walletId: null,
    available: null,
    required: null,
    shortfall: null,
    limit: null,
    used: null,
    resetsAt: null,
    lacking: null,
    issues,
    asOf,
  };
}
