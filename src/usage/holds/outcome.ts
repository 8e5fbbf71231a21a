import type { Id } from '../../kit/ids.ts';
import type { IdempotencyMismatch, Invalid, NotFound } from '../../kit/refusal.ts';
import type { HoldStatus } from '../../ledger/holds/hold-state.ts';
import type { HoldClosed, InsufficientFunds } from '../../ledger/refusals.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import type { RatingRefusal } from '../../rating/refusals.ts';
import type { Recorded, UsageRefusal } from '../event.ts';
import type { Overloaded } from '../refusals.ts';

/** What became of a hold; it was committed, or had been before. */
export interface HoldOutcome {
  readonly holdId: Id<'hold'>;
  readonly customerId: Id<'customer'>;
  readonly walletId: Id<'wallet'>;
  readonly status: HoldStatus;
  /** True when it had been done before; nothing was written. */
  readonly duplicate: boolean;
  /** What a capture recorded, in order. */
  readonly events: readonly Recorded[];
  /** Whether it was captured after it had expired, so that nothing was set aside for it. */
  readonly late: boolean;
  /** The wallet as it was committed; null when nothing was written. */
  readonly balance: BalanceUpdate | null;
}

export type PlaceRefusal =
  | Invalid
  | NotFound
  | IdempotencyMismatch
  | RatingRefusal
  | InsufficientFunds
  | Overloaded;

export type HoldRefusal = UsageRefusal | HoldClosed;
