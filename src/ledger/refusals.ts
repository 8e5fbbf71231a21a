import type { Exact } from '../kit/decimal.ts';
import type { Id } from '../kit/ids.ts';
import type { Refusal } from '../kit/refusal.ts';
import type { HoldStatus } from './holds/hold-state.ts';

/** The wallet cannot cover it and its policy does not allow more. */
export interface InsufficientFunds extends Refusal<'InsufficientFunds'> {
  /** What this charge could have drawn: grants that may pay for it, plus overdraft left. */
  readonly available: Exact;
  readonly required: Exact;
  readonly shortfall: Exact;
  readonly assetId: Id<'asset'>;
  /** Null when the customer has no wallet in the asset. */
  readonly walletId: Id<'wallet'> | null;
}

/** The hold was captured, released, or has expired: somebody else, or time, was first. */
export interface HoldClosed extends Refusal<'HoldClosed'> {
  readonly holdId: Id<'hold'>;
  readonly status: Exclude<HoldStatus, 'OPEN'>;
}
