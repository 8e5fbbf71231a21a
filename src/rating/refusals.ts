import type { Exact } from '../kit/decimal.ts';
import type { Invalid, Refusal } from '../kit/refusal.ts';

/** No billable metric counts events of this type. */
export interface UnknownEventType extends Refusal<'UnknownEventType'> {
  readonly type: string;
}

/** A metric counts the event, but no rate covers its dimensions at the time it occurred. */
export interface PriceNotFound extends Refusal<'PriceNotFound'> {
  readonly metricCode: string;
  /** The event's values of the dimensions that the price's rates name. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly quantity: Exact;
}

/** The event occurred outside the accepted window: 35 days back, 5 minutes ahead. */
export interface OutsideWindow extends Refusal<'OutsideWindow'> {
  readonly direction: 'TOO_OLD' | 'IN_FUTURE';
  readonly occurredAt: Date;
  readonly earliest: Date;
  readonly latest: Date;
}

export type RatingRefusal = UnknownEventType | PriceNotFound | Invalid;
