import { type Exact, exact, plain, ZERO } from '../../kit/decimal.ts';
import type { Id } from '../../kit/ids.ts';
import type { Cause } from '../../ledger/wallet-state.ts';
import type { SpentCreditPolicy } from '../settings.ts';

/** What was taken of one grant. */
export interface Taken {
  readonly grantId: string;
  amount: Exact;
}

/** Money of a payment that goes back, or may, and the credit that is taken back for it. */
export interface Claim {
  /** In what was paid. */
  readonly amount: Exact;
  /** In the wallet's asset: what was credited for so much money, and given on top of it. */
  credit: Exact;
  bonus: Exact;
  /** Of both, what had expired or was voided: nobody owes it. */
  lapsed: Exact;
  /** Of both, what was spent. */
  shortfall: Exact;
  /** What becomes of the shortfall. */
  policy: SpentCreditPolicy;
  taken: Taken[];
}

export type RefundStatus = 'PENDING' | 'SUCCEEDED' | 'FAILED';

/** A refund as it is stored, to decide on. */
export interface Refund extends Claim {
  readonly id: Id<'paymentRefund'>;
  /** The provider's id of it; null until it has made it. */
  readonly ref: string | null;
  readonly status: RefundStatus;
  readonly withdrawalId: string | null;
  /** Its withdrawal is not released: the provider is not to be asked yet. */
  readonly isWithheld: boolean;
}

export type DisputeStatus = 'OPEN' | 'WON' | 'LOST';

/** A dispute as it is stored, to decide on. While it is open nothing is owed. */
export interface Dispute extends Claim {
  readonly id: Id<'paymentDispute'>;
  readonly ref: string;
  readonly status: DisputeStatus;
}

export function noClaim(amount: Exact, policy: SpentCreditPolicy): Claim {
  return {
    amount,
    credit: ZERO,
    bonus: ZERO,
    lapsed: ZERO,
    shortfall: ZERO,
    policy,
    taken: [],
  };
}

/** What the entries of a claim are booked with. */
export function causeOf(kind: 'REFUND' | 'DISPUTE', { id }: Refund | Dispute): Cause {
  return { kind, id, chargeOrdinal: null };
}

type Numeric = { toFixed(): string };

interface ClaimRow {
  readonly amount: Numeric;
  readonly credit: Numeric;
  readonly bonus: Numeric;
  readonly lapsed: Numeric;
  readonly shortfall: Numeric;
  readonly spentCreditPolicy: SpentCreditPolicy;
  readonly allocations: unknown;
}

export interface RefundRow extends ClaimRow {
  readonly id: string;
  readonly ref: string | null;
  readonly status: RefundStatus;
  readonly withdrawalId: string | null;
  readonly isWithheld: boolean;
}

export interface DisputeRow extends ClaimRow {
  readonly id: string;
  readonly ref: string;
  readonly status: DisputeStatus;
}

export function refundState(row: RefundRow): Refund {
  const { ref, status, withdrawalId, isWithheld } = row;
  const id = row.id as Id<'paymentRefund'>;
  return { ...claimOf(row), id, ref, status, withdrawalId, isWithheld };
}

export function disputeState(row: DisputeRow): Dispute {
  return {
    ...claimOf(row),
    id: row.id as Id<'paymentDispute'>,
    ref: row.ref,
    status: row.status,
  };
}

function claimOf(row: ClaimRow): Claim {
  return {
    amount: exact(row.amount),
    credit: exact(row.credit),
    bonus: exact(row.bonus),
    lapsed: exact(row.lapsed),
    shortfall: exact(row.shortfall),
    policy: row.spentCreditPolicy,
    taken: (row.allocations as [string, string][]).map(([grantId, amount]) => ({
      grantId,
      amount: exact(amount),
    })),
  };
}

/** The columns of what becomes of the credit. */
export function claimColumns({ credit, bonus, lapsed, shortfall, policy, taken }: Claim) {
  return {
    credit: plain(credit),
    bonus: plain(bonus),
    lapsed: plain(lapsed),
    shortfall: plain(shortfall),
    spentCreditPolicy: policy,
    allocations: taken
      .filter(({ amount }) => amount !== ZERO)
      .map(({ grantId, amount }) => [grantId, plain(amount)]),
  };
}
