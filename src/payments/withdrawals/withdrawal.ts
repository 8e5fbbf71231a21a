import { type Exact, exact } from '../../kit/decimal.ts';
import type { Id } from '../../kit/ids.ts';

export type WithdrawalStatus =
  | 'AWAITING_CONFIRMATION'
  | 'HELD'
  | 'PROCESSING'
  | 'PAID'
  | 'PARTLY_PAID'
  | 'FAILED'
  | 'CANCELED'
  | 'EXPIRED';

/** How a withdrawal is named in its room. */
export interface WithdrawalKey {
  readonly id: string;
  readonly customerId: string;
}

/** A withdrawal as it is stored, to decide on. Instants are by the time of its customer. */
export interface WithdrawalState {
  readonly id: Id<'withdrawal'>;
  readonly organizationId: Id<'organization'>;
  readonly customerId: Id<'customer'>;
  readonly walletId: Id<'wallet'>;
  /** What was paid in. */
  readonly assetId: Id<'asset'>;
  /** How much of that was asked for. */
  readonly amount: Exact;
  readonly status: WithdrawalStatus;
  readonly codeSalt: string;
  readonly codeDigest: string;
  readonly wrongCodes: number;
  readonly confirmBy: Date;
  /** When time alone makes another of it; null: never. */
  readonly dueAt: Date | null;
}

/** A row of the table, as far as decisions go by it. */
export interface WithdrawalRow {
  readonly id: string;
  readonly organizationId: string;
  readonly customerId: string;
  readonly walletId: string;
  readonly assetId: string;
  readonly amount: { toFixed(): string };
  readonly status: WithdrawalStatus;
  readonly codeSalt: string;
  readonly codeDigest: string;
  readonly wrongCodes: number;
  readonly confirmBy: Date;
  readonly dueAt: Date | null;
}

export function withdrawalState(row: WithdrawalRow): WithdrawalState {
  return {
    ...row,
    id: row.id as Id<'withdrawal'>,
    organizationId: row.organizationId as Id<'organization'>,
    customerId: row.customerId as Id<'customer'>,
    walletId: row.walletId as Id<'wallet'>,
    assetId: row.assetId as Id<'asset'>,
    amount: exact(row.amount),
  };
}

/** Its refunds are not sent yet, so that it can be called off. */
export function isWaiting(status: WithdrawalStatus): status is 'AWAITING_CONFIRMATION' | 'HELD' {
  return status === 'AWAITING_CONFIRMATION' || status === 'HELD';
}
