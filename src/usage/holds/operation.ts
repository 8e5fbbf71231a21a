import type { Exact } from '../../kit/decimal.ts';
import type { Id } from '../../kit/ids.ts';
import type { HoldTerms } from '../../ledger/holds/hold-state.ts';
import type { Estimate } from '../../rating/estimate.ts';
import type { RatedCharge } from '../../rating/rate.ts';
import type { RatingRefusal } from '../../rating/refusals.ts';
import type { Counted } from '../counted.ts';
import type { Candidate } from '../event.ts';

/** Which hold, and whose `default` wallet it is on, in what; none of it ever changes. */
export interface HoldRef {
  readonly holdId: Id<'hold'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly assetId: Id<'asset'>;
  /** The test clock that the customer goes by; null is the server's time. */
  readonly testClockId: Id<'testClock'> | null;
}

/** An estimated quantity and its price; a refusal to rate it waits here, as that of an event does. */
export interface RatedEstimate extends Estimate {
  readonly at: Date;
  readonly rated: RatedCharge[] | RatingRefusal;
  /** The counters that some of its charges go by; mostly none. */
  readonly counted: readonly Counted[];
  readonly catalogueVersion: number;
  readonly termsVersion: number;
}

export interface PlaceHold extends HoldRef {
  readonly kind: 'PLACE';
  /** What it shall set aside; null for what the estimate costs. */
  readonly amount: Exact | null;
  readonly metric: { readonly id: Id<'metric'>; readonly code: string } | null;
  /** Null for an amount that was given. */
  readonly estimate: RatedEstimate | null;
  readonly ttlMs: number;
  readonly maxCaptures: number | null;
  readonly terms: HoldTerms;
}

/** Usage that is paid from a hold: all of it or none. */
export interface CaptureHold extends HoldRef {
  readonly kind: 'CAPTURE';
  readonly candidates: readonly Candidate[];
  /** Whether it closes the hold. */
  readonly final: boolean;
  /** Where the hold stands in the input. */
  readonly path: string;
}

export interface ExtendHold extends HoldRef {
  readonly kind: 'EXTEND';
  /** From now; null leaves its time as it is. */
  readonly ttlMs: number | null;
  /** What it shall set aside at least; null leaves that as it is. */
  readonly amount: Exact | null;
}

export interface ReleaseHold extends HoldRef {
  readonly kind: 'RELEASE';
}

/** What may be done about a hold, beside usage, in the same batches. */
export type HoldOperation = PlaceHold | CaptureHold | ExtendHold | ReleaseHold;
