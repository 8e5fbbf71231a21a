import { toTypeId } from '../../kit/ids.ts';
import { applyObject } from '../apply-object.ts';
import type { PaymentsRoom } from '../deps.ts';
import { endPayment, failPayment } from '../fail-payment.ts';
import { paidScale } from '../offer.ts';
import { readParties } from '../parties.ts';
import { isOver, type PaymentState } from '../payment.ts';
import { type ChargeRequest, ProviderError } from '../provider.ts';
import { type PaymentKey, readState } from '../store.ts';

/**
 * Charges what a rule has started, with the payment as the provider's idempotency key, and makes of the payment what comes of it.
 * To be asked again when nobody knows what became of it: it is charged once. Throws when it is worth another attempt.
 */
export async function chargePayment(room: PaymentsRoom, key: PaymentKey): Promise<void> {
  const payment = await readState(room.db, key);
  // Once the provider has an object, that is what is looked at.
  if (payment.ref !== null || isOver(payment.status)) return;
  if (payment.expiresAt <= room.clock.now()) return endPayment(room, payment, 'EXPIRED');
  const opened = await room.providers.openById(payment.providerId);
  const request = await requestOf(room, payment);
  if (!opened || !request) {
    return failPayment(room, payment, { code: 'NO_METHOD', message: 'The card was removed.' });
  }
  try {
    await applyObject(room, payment, await opened.provider.chargeMethod(request));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.isRetryable) throw error;
    const { code, message } = error;
    await failPayment(room, payment, { code, message });
  }
}

/** Null when the card is not to be charged any more. */
async function requestOf(
  { db }: PaymentsRoom,
  payment: PaymentState,
): Promise<ChargeRequest | null> {
  const { methodId: id, customerId } = payment;
  const method = id && (await db.prisma.paymentMethod.findFirst({ where: { id, customerId } }));
  if (!method || method.detachedAt !== null) return null;
  const { asset, payer } = await readParties(db, payment);
  return {
    paymentId: toTypeId('payment', payment.id),
    amount: payment.amount,
    currency: { code: asset.code, minorUnits: paidScale(asset) },
    description: payment.description,
    payer,
    methodToken: method.token,
  };
}
