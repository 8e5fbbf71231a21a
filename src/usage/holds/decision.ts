import type { Id } from '../../kit/ids.ts';
import type { HoldState, HoldStatus } from '../../ledger/holds/hold-state.ts';
import type { Duplicate, Recording } from '../decide.ts';

/** What is decided about a hold, before anything is written. */
export interface HoldDecision {
  readonly kind: 'HOLD';
  readonly holdId: Id<'hold'>;
  readonly customerId: Id<'customer'>;
  readonly walletId: Id<'wallet'>;
  readonly status: HoldStatus;
  readonly duplicate: boolean;
  /** What a capture records, in order. */
  readonly recordings: readonly (Recording | Duplicate)[];
  readonly late: boolean;
}

export function decided(
  { id: holdId, customerId, walletId, status }: HoldState,
  duplicate: boolean,
  captured: Partial<Pick<HoldDecision, 'recordings' | 'late'>> = {},
): HoldDecision {
  const { recordings = [], late = false } = captured;
  return { kind: 'HOLD', holdId, customerId, walletId, status, duplicate, recordings, late };
}

/** A hold that is stored, and how it was asked for. */
export interface FoundHold {
  readonly state: HoldState;
  readonly idempotencyKey: string | null;
  readonly content: Readonly<Record<string, string>>;
}
