import { fromTypeId } from '../../kit/ids.ts';
import type { PaymentsRoom } from '../deps.ts';
import { findPaymentByRef } from '../event-store.ts';
import type { VelocityLimit } from '../refusals.ts';
import { readSettings } from '../settings.ts';
import { readState } from '../store.ts';
import { checkVelocity } from './check-velocity.ts';
import { hashNetwork } from './hash-network.ts';
import { NO_LIMITS, readLimits } from './limits.ts';
import { NOTE_ADDRESS } from './sql/note-attempt.ts';
import { tellLimited } from './tell-limited.ts';

/** Somebody who is about to pay on a page of ours. */
export interface Payer {
  /** The TypeID of the provider whose page it is. */
  readonly providerId: string;
  readonly ref: string;
  /** Of his connection; null where that says nothing of him. */
  readonly ip: string | null;
}

/**
 * Whether somebody may try to pay on a page of ours, as far as his address goes: null when he may. What fails counts for his
 * address then, unless another was said when the payment was asked for.
 */
export async function admitPayer(
  room: PaymentsRoom,
  { providerId: typeId, ref, ip }: Payer,
): Promise<VelocityLimit | null> {
  const providerId = fromTypeId('paymentProvider', typeId);
  const key = providerId && (await findPaymentByRef(room.db, providerId, ref));
  if (!key || ip === null) return null;
  const { db, clock, settings } = room;
  const { id: paymentId, ...payment } = await readState(db, key);
  const ipHash = hashNetwork(settings.cipher, payment.organizationId, ip);
  const attempt = { ...payment, paymentId, ipHash, fingerprintHash: null, byRule: false };
  const refusal = await db.transaction(async (tx) => {
    await tx.query(NOTE_ADDRESS, [paymentId, ipHash]);
    const { ipFailures } = readLimits(
      (await readSettings(tx, payment.organizationId)).limits,
    ).hourly;
    const limits = { ...NO_LIMITS, hourly: { ...NO_LIMITS.hourly, ipFailures } };
    // As an outcome, and no refusal: that the address is noted stays.
    return { limit: await checkVelocity(tx, limits, attempt, clock.now()) };
  });
  if (refusal.limit) await tellLimited(room, attempt, refusal.limit);
  return refusal.limit;
}
