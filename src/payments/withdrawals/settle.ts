import { exact, ZERO } from '../../kit/decimal.ts';
import { writeOutbox } from '../../live/outbox.ts';
import type { PaymentsRoom } from '../deps.ts';
import { lockWithdrawal, readItsRefunds, timeOfWithdrawal, updateWithdrawal } from './store.ts';
import { toldOfWithdrawal } from './tell.ts';
import type { WithdrawalKey } from './withdrawal.ts';

/** Closes a withdrawal once all of its refunds are: by what they have come to. */
export async function settle(room: PaymentsRoom, key: WithdrawalKey): Promise<void> {
  const { db, clock, announce } = room;
  const isClosed = await db.transaction(async (tx) => {
    const withdrawal = await lockWithdrawal(tx, key);
    if (withdrawal.status !== 'PROCESSING') return false;
    const refunds = (await readItsRefunds(tx, key)).map(({ refund }) => refund);
    if (refunds.some(({ status }) => status === 'PENDING')) return false;
    const paid = refunds
      .filter(({ status }) => status === 'SUCCEEDED')
      .reduce((sum, { amount }) => sum + exact(amount), ZERO);
    const status = paid === ZERO ? 'FAILED' : paid < withdrawal.amount ? 'PARTLY_PAID' : 'PAID';
    const closedAt = await timeOfWithdrawal(tx, clock, withdrawal);
    await updateWithdrawal(tx, withdrawal, { status, closedAt }, closedAt);
    await writeOutbox(tx, [toldOfWithdrawal(withdrawal, status, paid)], clock.now());
    return true;
  });
  if (isClosed) announce([]);
}
