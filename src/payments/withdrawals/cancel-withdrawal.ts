import type { Viewer } from '../../access/viewer.ts';
import type { Id } from '../../kit/ids.ts';
import { type Conflict, conflict, isRefusal, type NotFound, notFound } from '../../kit/refusal.ts';
import type { BalanceUpdate } from '../../live/balance-update.ts';
import type { PaymentsRoom } from '../deps.ts';
import { callOff } from './call-off.ts';
import { findWithdrawalKey, lockWithdrawal } from './store.ts';
import { isWaiting } from './withdrawal.ts';

export interface WithdrawalChanged {
  readonly withdrawalId: Id<'withdrawal'>;
}

export interface CancelWithdrawalInput {
  readonly withdrawal: string;
}

/** Calls a withdrawal off of which nothing was sent: its credit is there again. A second time changes nothing. */
export async function cancelWithdrawal(
  room: PaymentsRoom,
  viewer: Viewer,
  { withdrawal: typeId }: CancelWithdrawalInput,
): Promise<WithdrawalChanged | NotFound | Conflict> {
  const found = await findWithdrawalKey(room.db, viewer, typeId);
  if (!found) return notFound('withdrawal', 'Withdrawal', typeId);
  const updates = await room.db.transaction(async (tx): Promise<BalanceUpdate[] | Conflict> => {
    const withdrawal = await lockWithdrawal(tx, found);
    const { status } = withdrawal;
    if (status === 'CANCELED') return [];
    if (!isWaiting(status)) return conflict('withdrawal', `It is ${status} already.`);
    return callOff(tx, room, withdrawal, 'CANCELED');
  });
  if (isRefusal(updates)) return updates;
  room.announce(updates);
  return { withdrawalId: found.id };
}
