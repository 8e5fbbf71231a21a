import type { Queryable } from '../../infra/db.ts';
import type { PaymentsRoom } from '../deps.ts';
import { isOver, type PaymentState } from '../payment.ts';
import type { VelocityLimit } from '../refusals.ts';
import { readSettings } from '../settings.ts';
import { lockPayment } from '../store.ts';
import type { Attempt } from './attempt.ts';
import { checkVelocity } from './check-velocity.ts';
import { readLimits } from './limits.ts';
import { noteAsked } from './note-attempt.ts';
import { FIND_ASKED } from './sql/note-attempt.ts';
import { tellLimited } from './tell-limited.ts';

/** Whether a card may have been charged for it already, though nobody knows: then it is not called off. */
export async function wasAdmitted(
  tx: Queryable,
  { id, origin }: Pick<PaymentState, 'id' | 'origin'>,
): Promise<boolean> {
  return origin === 'AUTO_RECHARGE' && (await tx.query(FIND_ASKED, [id])).length > 0;
}

/**
 * Whether a card may be charged for what a rule has started: null when it may, OVER when it was called off meanwhile. Who was let
 * through once is let through again: the provider may have charged already, and is asked until that is known.
 */
export async function admitCharge(
  room: PaymentsRoom,
  { id: paymentId, organizationId, customerId, assetId, amount }: PaymentState,
  fingerprintHash: string | null,
): Promise<VelocityLimit | 'OVER' | null> {
  const { db, clock } = room;
  const of = { paymentId, organizationId, customerId, assetId, amount };
  const attempt: Attempt = { ...of, byRule: true, ipHash: null, fingerprintHash };
  const limit = await db.transaction<VelocityLimit | 'OVER' | null>(async (tx) => {
    const payment = await lockPayment(tx, { id: paymentId, customerId });
    if (isOver(payment.status)) return 'OVER';
    if (await wasAdmitted(tx, payment)) return null;
    const now = clock.now();
    const { limits } = await readSettings(tx, organizationId);
    const reached = await checkVelocity(tx, readLimits(limits), attempt, now);
    if (!reached) await noteAsked(tx, attempt, now);
    return reached;
  });
  if (limit !== null && limit !== 'OVER') await tellLimited(room, attempt, limit);
  return limit;
}
