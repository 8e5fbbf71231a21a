import type { Tx } from '../../infra/db.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { giveBack } from './give-back.ts';
import { lockItsPayments, releaseRefunds, timeOfWithdrawal, updateWithdrawal } from './store.ts';
import { toldOfWithdrawal } from './tell.ts';
import type { WithdrawalState } from './withdrawal.ts';

const FAILURES = {
  CANCELED: { code: 'WITHDRAWAL_CANCELED', message: 'The withdrawal was called off.' },
  EXPIRED: { code: 'WITHDRAWAL_EXPIRED', message: 'The withdrawal was not confirmed in time.' },
};

/**
 * Ends a withdrawal of which nothing was sent, and gives its credit back. It is locked, and waits. That its refunds have come to
 * nothing is not told beside it.
 */
export async function callOff(
  tx: Tx,
  room: PaymentsRoom,
  withdrawal: WithdrawalState,
  status: keyof typeof FAILURES,
): Promise<BalanceUpdate[]> {
  const payments = await lockItsPayments(tx, withdrawal);
  const { told, updates } = await giveBack(tx, room, withdrawal, payments, FAILURES[status]);
  const closedAt = await timeOfWithdrawal(tx, room.clock, withdrawal);
  await releaseRefunds(tx, withdrawal, room.clock.now());
  await updateWithdrawal(tx, withdrawal, { status, closedAt, dueAt: null }, closedAt);
  await writeOutbox(tx, [toldOfWithdrawal(withdrawal, status), ...told], room.clock.now());
  return updates;
}
