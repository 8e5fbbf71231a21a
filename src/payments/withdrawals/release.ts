import type { Tx } from '../../infra/db.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { readParties } from '../parties.ts';
import type { PaymentState } from '../payment.ts';
import type { Refund } from '../refunds/claim.ts';
import { sendRefund } from '../refunds/send-refund.ts';
import { type Returns, refundable } from '../refunds/shares.ts';
import { lookForRefund } from '../refunds/store.ts';
import { giveBack } from './give-back.ts';
import { settle } from './settle.ts';
import { lockItsPayments, readItsRefunds, releaseRefunds, updateWithdrawal } from './store.ts';
import type { WithdrawalKey, WithdrawalState } from './withdrawal.ts';

const NOT_REFUNDABLE = {
  code: 'NOT_REFUNDABLE',
  message: 'The payment was disputed or given back meanwhile.',
};

/**
 * Lets the refunds of a withdrawal go whose hold period is over: from now on they are refunds like any other, which are looked for
 * until their provider has answered. What has become of a payment meanwhile, so that its money would go back twice, is not sent,
 * and its credit is there again. The withdrawal is locked, and HELD.
 */
export async function release(
  tx: Tx,
  room: PaymentsRoom,
  withdrawal: WithdrawalState,
  now: Date,
): Promise<BalanceUpdate[]> {
  const payments = await lockItsPayments(tx, withdrawal);
  const back = await giveBack(tx, room, withdrawal, payments, NOT_REFUNDABLE, isOutOfReach);
  const committedAt = room.clock.now();
  await releaseRefunds(tx, withdrawal, committedAt);
  for (const payment of payments) {
    const { providerKind } = await readParties(tx, payment);
    await lookForRefund(tx, payment, providerKind, committedAt);
  }
  await updateWithdrawal(tx, withdrawal, { status: 'PROCESSING', dueAt: null }, now);
  await writeOutbox(tx, [...back.refunds, ...back.told], committedAt);
  return back.updates;
}

function isOutOfReach(
  { id, amount }: Refund,
  { paid }: PaymentState,
  { refunds, disputes }: Returns,
): boolean {
  const others = refunds.filter((refund) => refund.id !== id);
  return amount > refundable(paid, { refunds: others, disputes });
}

/** Asks the providers for the refunds of a withdrawal that was released. Whoever dies here leaves them to the looks at payments. */
export async function send(room: PaymentsRoom, key: WithdrawalKey): Promise<void> {
  for (const { refund, payment } of await readItsRefunds(room.db, key)) {
    try {
      await sendRefund(room, payment, refund.id);
    } catch (error) {
      room.log.warn(
        { error },
        'A refund of a withdrawal could not be asked for; it will be again.',
      );
    }
  }
  await settle(room, key);
}
