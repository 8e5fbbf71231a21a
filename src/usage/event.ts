import type { CustomerRef } from '../customers/customer-ref.ts';
import type { Exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { CommonRefusal } from '../kit/refusal.ts';
import type { HoldClosed, InsufficientFunds } from '../ledger/refusals.ts';
import type { BalanceUpdate } from '../live/balance-update.ts';
import type { RatedCharge } from '../rating/rate.ts';
import type { OutsideWindow, RatingRefusal } from '../rating/refusals.ts';
import type { Running } from '../rating/running-cost.ts';
import type { Counted } from './counted.ts';
import type { Overloaded } from './refusals.ts';

/** A usage event as it arrives; times and properties are not checked yet. */
export interface UsageEventInput {
  readonly customer: CustomerRef;
  readonly eventId: string;
  readonly type: string;
  readonly subject?: string | null | undefined;
  readonly occurredAt?: unknown;
  readonly properties?: unknown;
  readonly holdId?: string | null | undefined;
}

/** A usage event as it is stored. */
export interface RecordedEvent {
  readonly id: Id<'usageEvent'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly eventId: string;
  readonly type: string;
  readonly subject: string | null;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The same as JSON text: written once, hashed and stored as it is. */
  readonly propertiesJson: string;
  /** 32 hexadecimal digits; see `contentHash`. */
  readonly contentHash: string;
  /** The hold that it is paid from; it is kept beside the event, so that most events have no room for it. */
  readonly holdId: Id<'hold'> | null;
}

/**
 * An event that is well formed and whose customer exists, with what it would cost. A refusal to rate it
 * waits here, because a retry of a recorded event is answered with its first outcome whatever has become
 * of the prices or the time since.
 */
export interface Candidate {
  readonly kind: 'USAGE';
  /** It gets its id when it is recorded. */
  readonly event: Omit<RecordedEvent, 'id'>;
  readonly rated: RatedCharge[] | RatingRefusal | OutsideWindow;
  /** The counters that some of the charges go by; mostly none. */
  readonly counted: readonly Counted[];
  /** The catalogue version it was rated with. */
  readonly catalogueVersion: number;
  /** The version of its customer's terms that it was rated with. */
  readonly termsVersion: number;
  /** Where it stood in the input, as a prefix of the paths of its issues. */
  readonly path: string;
}

/** One grant drawn by a charge; null is the wallet's debt. */
export interface GrantDraw {
  readonly grant: { readonly id: Id<'grant'> } | null;
  readonly amount: Exact;
}

/** What the counter of a charge said before it. */
export interface ChargeCount {
  readonly periodStart: Date;
  readonly before: Running;
}

/** What one event cost on one price. */
export interface RecordedCharge {
  readonly usageEventId: Id<'usageEvent'>;
  readonly ordinal: number;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly walletId: Id<'wallet'> | null;
  readonly assetId: Id<'asset'>;
  readonly metricId: Id<'metric'>;
  readonly rateId: Id<'rate'>;
  readonly quantity: Exact;
  readonly amount: Exact;
  readonly firstSequence: number;
  readonly entryCount: number;
  /** Of a charge that depends on what was used before; null for the others. */
  readonly count: ChargeCount | null;
  /** Known when it was decided just now; read from the entries otherwise. */
  readonly draws?: readonly GrantDraw[];
}

/** The event is stored and paid for. */
export interface Recorded {
  readonly event: RecordedEvent;
  readonly duplicate: boolean;
  /**
   * True when it left a THROTTLE wallet in debt: serve this customer in the slow lane. A duplicate that
   * was read back says false.
   */
  readonly throttled: boolean;
  /** Absent for a duplicate; read them from the store when they are wanted. */
  readonly charges?: readonly RecordedCharge[];
  /** The wallets it touched, as they were committed; absent for a duplicate. */
  readonly balances?: readonly BalanceUpdate[];
}

export type UsageRefusal =
  | CommonRefusal
  | RatingRefusal
  | InsufficientFunds
  | OutsideWindow
  | HoldClosed
  | Overloaded;

export type Outcome = Recorded | UsageRefusal;
