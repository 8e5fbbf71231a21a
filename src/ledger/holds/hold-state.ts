import type { Exact } from '../../kit/decimal.ts';
import type { Id } from '../../kit/ids.ts';
import type { Drawable } from '../burn-down.ts';

/** A hold is OPEN until one of the others ends it; only an EXPIRED one may still be captured, late. */
export type HoldStatus = 'OPEN' | 'CAPTURED' | 'RELEASED' | 'EXPIRED';

/** What a hold sets aside of one grant. */
export interface Allocation<Grant extends Drawable = Drawable> {
  readonly grant: Grant;
  amount: Exact;
}

/** What was set aside at one time, as it is kept: of which grant (null: the overdraft), behind which entry. */
export interface Reservation {
  readonly sequence: number;
  readonly grantId: Id<'grant'> | null;
  readonly amount: Exact;
}

/** What only the row of a hold knows; it is written once. */
export interface HoldTerms {
  /** The test clock that its customer goes by; null is the server's time. */
  readonly testClockId: string | null;
  readonly quantity: Exact | null;
  readonly idempotencyKey: string | null;
  /** A hash of each field as it was asked for, so that a mismatch can name the field. */
  readonly content: Readonly<Record<string, string>>;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A hold that is decided on; decisions change it in memory, together with its wallet. */
export interface HoldState {
  readonly id: Id<'hold'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly walletId: Id<'wallet'>;
  /** The metric that it was placed for; null for an amount, which sets general grants aside. */
  readonly metricId: Id<'metric'> | null;
  readonly metricCode: string | null;
  readonly maxCaptures: number | null;
  readonly createdAt: Date;
  status: HoldStatus;
  /** All that was ever set aside, when it was placed and when it was extended. */
  amount: Exact;
  captured: Exact;
  captures: number;
  /** What it sets aside now: of grants, each once ... */
  allocations: Allocation[];
  /** ... and of what the wallet's policy allows below zero. */
  overdraft: Exact;
  /** What was set aside since it was written. No decision reads it, so what is written is not remembered. */
  readonly unwritten: Reservation[];
  expiresAt: Date;
  /** It is past its time and sets nothing aside any more, whether or not that has been booked. */
  isLapsed: boolean;
  closedAt: Date | null;
  /** The wallet's last entry when it let go; what comes behind could draw what it had set aside. */
  closedSequence: number | null;
  /** Of one that has no row yet. */
  terms: HoldTerms | null;
}

/** A usage event that was paid from a hold. */
export interface CapturedEvent {
  readonly hold: HoldState;
  readonly usageEventId: Id<'usageEvent'>;
  /** Counts the captures of the hold from 1. */
  readonly capture: number;
  /** In the hold's asset. */
  readonly amount: Exact;
  /** Whether the hold had expired, so that nothing was set aside for it. */
  readonly late: boolean;
  readonly capturedAt: Date;
}

/** The holds of one wallet. */
export interface WalletHolds {
  /** Those whose row says OPEN, by id. */
  readonly open: Map<string, HoldState>;
  /** What those that have not lapsed set aside of the overdraft. */
  overdraft: Exact;
  /** When the next of them lapses, in milliseconds since the epoch. */
  nextLapseMs: number;
  /** What is to be written. */
  readonly changed: Set<HoldState>;
  readonly captured: CapturedEvent[];
}

export function noHolds(): WalletHolds {
  return {
    open: new Map(),
    overdraft: 0n,
    nextLapseMs: Number.POSITIVE_INFINITY,
    changed: new Set(),
    captured: [],
  };
}

/** What a hold sets aside in all. */
export function heldBy({ allocations, overdraft }: Pick<HoldState, 'allocations' | 'overdraft'>) {
  return allocations.reduce((sum, { amount }) => sum + amount, overdraft);
}
