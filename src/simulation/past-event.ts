import type { Exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';

/** A recorded event, as far as it is rated again, and what it cost. */
export interface PastEvent {
  readonly id: Id<'usageEvent'>;
  readonly customerId: Id<'customer'>;
  readonly type: string;
  readonly occurredAt: Date;
  readonly properties: Readonly<Record<string, unknown>>;
  /** It was taken back: it counts for nothing, and what it took less what was given back for it may be something. */
  readonly isCorrected: boolean;
  /** What its charges took, less what was given back when it was taken back. */
  readonly took: readonly Took[];
}

/** An amount of an asset for a metric; below zero for what was given back. */
export interface Took {
  readonly metricId: Id<'metric'>;
  readonly assetId: Id<'asset'>;
  readonly amount: Exact;
}
