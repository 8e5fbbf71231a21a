import type { ExchangedAsset } from '../../catalog/exchange/quote.ts';
import type { Exact } from '../../kit/decimal.ts';

export type RechargePeriod = 'DAY' | 'WEEK' | 'MONTH';

/**
 * ARMED waits for the wallet to run low, IN_FLIGHT for a payment, WAITING for time to pass, CAPPED for the period to end; SUSPENDED
 * waits for another card, and DISABLED for somebody to enable it.
 */
export type RechargeStatus =
  | 'ARMED'
  | 'IN_FLIGHT'
  | 'WAITING'
  | 'CAPPED'
  | 'SUSPENDED'
  | 'DISABLED';

/** What a rule says. */
export interface RechargeTerms {
  readonly isEnabled: boolean;
  /** In the wallet's asset: less than that free is low. */
  readonly threshold: Exact;
  /** What is paid each time, in what it is paid in; null where the wallet is filled up to `target`, in its own asset. */
  readonly amount: Exact | null;
  readonly target: Exact | null;
  /** Of one period, in what it is paid in. */
  readonly maxAmount: Exact;
  readonly maxCount: number;
  readonly cooldownMs: number;
  /** What it is paid in, and what it is credited in. */
  readonly asset: ExchangedAsset;
  readonly creditAsset: ExchangedAsset;
}

/** How things stand in the moment in which it is decided. */
export interface RechargeStanding {
  readonly now: Date;
  /** What the wallet has and nothing is set aside of. */
  readonly free: Exact;
  /** What other payments have promised to it and not brought yet. */
  readonly promised: Exact;
  readonly isInFlight: boolean;
  readonly isSuspended: boolean;
  /** A decline is not followed by another attempt before. */
  readonly retryAt: Date | null;
  readonly lastStartedAt: Date | null;
  /** Whether its method is there, and its provider asked for anything. */
  readonly canCharge: boolean;
  /** What one of what it is paid in is credited as; null when nobody has said. */
  readonly rate: Exact | null;
  /** What was started since the period began and has not failed, in flight or paid. */
  readonly usedAmount: Exact;
  readonly usedCount: number;
  readonly periodEnd: Date;
}
