import { type Exact, plain, ZERO } from '../../kit/decimal.ts';
import type { Told } from '../../live/event.ts';
import type { WithdrawalState, WithdrawalStatus } from './withdrawal.ts';

const TYPES = {
  AWAITING_CONFIRMATION: 'withdrawal.requested',
  HELD: 'withdrawal.confirmed',
  PAID: 'withdrawal.paid',
  PARTLY_PAID: 'withdrawal.paid',
  FAILED: 'withdrawal.failed',
  CANCELED: 'withdrawal.canceled',
  EXPIRED: 'withdrawal.expired',
} as const;

/** That a withdrawal stands so now. */
export function toldOfWithdrawal(
  withdrawal: Pick<
    WithdrawalState,
    'id' | 'organizationId' | 'customerId' | 'walletId' | 'assetId' | 'amount'
  >,
  status: Exclude<WithdrawalStatus, 'PROCESSING'>,
  paid: Exact = ZERO,
): Told {
  const { id: withdrawalId, organizationId, customerId, walletId, assetId, amount } = withdrawal;
  const facts = { withdrawalId, walletId, assetId, amount: plain(amount), paid: plain(paid) };
  return { organizationId, customerId, fact: { type: TYPES[status], ...facts, status } };
}
