import type { Exact } from '../../kit/decimal.ts';
import type { RateTerms } from '../../rating/rate-terms.ts';
import type { Dimensions } from '../dimensions.ts';

// What a version of a plan says. It is one document: stored whole, taken whole by `savePlanDraft`, and
// written whole in a catalogue file. `read-definition.ts` is the one reader of it. Assets, metrics and
// features are named by code. Whatever was left out has been filled in.

export const INTERVALS = ['DAY', 'WEEK', 'MONTH', 'YEAR'] as const;
export type Interval = (typeof INTERVALS)[number];

/** How often something comes back; PERIOD is the plan's billing period. */
export const RHYTHMS = ['PERIOD', ...INTERVALS] as const;
export type Rhythm = (typeof RHYTHMS)[number];

export interface PlanDefinition {
  /** A billing period is this many of the interval. */
  readonly interval: Interval;
  readonly intervalCount: number;
  /** What fees, seats and the minimum are in; null when it has none of them. */
  readonly asset: string | null;
  readonly fees: readonly FeeDefinition[];
  /** What usage of a period must come to, in the plan's asset; the rest is charged at its end. */
  readonly minimum: Exact | null;
  readonly prices: readonly PriceDefinition[];
  readonly credits: readonly CreditsDefinition[];
  readonly entitlements: readonly EntitlementDefinition[];
  readonly seats: SeatsDefinition | null;
  readonly trial: TrialDefinition | null;
  readonly addOns: readonly AddOnDefinition[];
}

export const FEE_KINDS = ['RECURRING', 'ONCE'] as const;

/** Charged in advance: with each period, or with the first one. */
export interface FeeDefinition {
  readonly code: string;
  readonly name: string;
  readonly amount: Exact;
  readonly kind: (typeof FEE_KINDS)[number];
  /** Once for every seat of the subscription. */
  readonly perSeat: boolean;
}

/** One rate of the version's own rate card: as `createPrice` takes it, but for its start. */
export interface PriceDefinition {
  readonly metric: string;
  readonly asset: string;
  readonly dimensions: Dimensions;
  readonly terms: RateTerms;
}

export const CREDIT_RHYTHMS = [...RHYTHMS, 'ONCE'] as const;
export const CREDIT_EXPIRIES = [
  'END_OF_PERIOD',
  'END_OF_NEXT_PERIOD',
  'AFTER_DAYS',
  'NEVER',
] as const;

/** Credit that comes with the plan. */
export interface CreditsDefinition {
  readonly code: string;
  readonly asset: string;
  readonly amount: Exact;
  readonly perSeat: boolean;
  readonly every: (typeof CREDIT_RHYTHMS)[number];
  /** The period is the one for which it is granted: with `every: DAY` a day, with ONCE a billing period. */
  readonly expires: (typeof CREDIT_EXPIRIES)[number];
  /** With AFTER_DAYS only. */
  readonly expiresAfterDays: number | null;
  readonly rollover: RolloverDefinition | null;
  /** Tops up to the amount, and never lowers, in place of granting it on top. */
  readonly refill: boolean;
  /** As of a grant: 0 is drawn first, 100 last. */
  readonly priority: number;
  /** Codes of the metrics that it pays for; all when empty. */
  readonly scope: readonly string[];
}

/** What becomes of credit that is left at the end of its period. */
export interface RolloverDefinition {
  /** So much of what is left goes on: above 0, at most 100. */
  readonly percent: Exact;
  /** Less than this does not go on. */
  readonly minimum: Exact;
  /** No more than this goes on; null is no bound. */
  readonly maximum: Exact | null;
  /** For so many further periods; null is until it is used. */
  readonly periods: number | null;
}

export const EXCEEDED = ['DENY', 'THROTTLE', 'ALLOW'] as const;
export const RESETS = [...RHYTHMS, 'NEVER'] as const;
export const WINDOWS = ['MINUTE', 'HOUR', 'DAY', 'MONTH'] as const;

/** A right to a feature. What does not belong to the feature's kind is as if left out. */
export interface EntitlementDefinition {
  readonly feature: string;
  readonly enabled: boolean;
  /** Of a STATIC feature its value, of a METERED one the usage until the reset; null is no bound. */
  readonly limit: Exact | null;
  readonly perSeat: boolean;
  readonly reset: (typeof RESETS)[number];
  readonly whenExceeded: (typeof EXCEEDED)[number];
  /** Caps of usage in short times; each length once. */
  readonly windows: readonly WindowDefinition[];
  /** What one subject may use until the reset. */
  readonly perSubject: Exact | null;
  readonly spendCap: SpendCapDefinition | null;
}

export interface WindowDefinition {
  readonly per: (typeof WINDOWS)[number];
  readonly limit: Exact;
}

/** What usage of the feature's metric may cost. */
export interface SpendCapDefinition {
  readonly asset: string;
  readonly amount: Exact;
  readonly per: Rhythm;
}

export interface SeatsDefinition {
  /** Seats that cost nothing more. */
  readonly included: number;
  readonly minimum: number;
  readonly maximum: number | null;
  /** For each further seat and period, in the plan's asset. */
  readonly amount: Exact;
}

export interface TrialDefinition {
  readonly days: number;
  readonly credits: readonly CreditsDefinition[];
}

/** What a subscriber may take besides. */
export interface AddOnDefinition {
  readonly code: string;
  readonly name: string;
  readonly fees: readonly FeeDefinition[];
  readonly credits: readonly CreditsDefinition[];
  readonly entitlements: readonly EntitlementDefinition[];
}
