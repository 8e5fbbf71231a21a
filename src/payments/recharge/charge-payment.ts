import { toTypeId } from '../../kit/ids.ts';
import { applyObject } from '../apply-object.ts';
import type { PaymentsRoom } from '../deps.ts';
import { endPayment, failPayment } from '../fail-payment.ts';
import { admitCharge } from '../limits/admit-charge.ts';
import { paidScale } from '../offer.ts';
import { readParties } from '../parties.ts';
import { isOver, type PaymentState } from '../payment.ts';
import { type ChargeRequest, type PaymentFailure, ProviderError } from '../provider.ts';
import type { VelocityLimit } from '../refusals.ts';
import { type PaymentKey, readState } from '../store.ts';
import { LIMITED } from './outcome.ts';
import { findChargeable } from './store.ts';

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
  const method = await findChargeable(room.db, payment);
  if (!opened || !method) {
    return failPayment(room, payment, { code: 'NO_METHOD', message: 'The card was removed.' });
  }
  const limited = await admitCharge(room, payment, method.fingerprintHash);
  if (limited === 'OVER') return;
  if (limited) return endPayment(room, payment, 'CANCELED', limitFailure(limited));
  try {
    const request = await requestOf(room, payment, method.token);
    await applyObject(room, payment, await opened.provider.chargeMethod(request));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.isRetryable) throw error;
    const { code, message } = error;
    await failPayment(room, payment, { code, message });
  }
}

/** Whoever limits what may be asked of a card says nothing of the card: no decline is counted. */
function limitFailure({ limit }: VelocityLimit): PaymentFailure {
  return { code: LIMITED, message: `The limit ${limit} of the organization is reached.` };
}

async function requestOf(
  { db }: PaymentsRoom,
  payment: PaymentState,
  methodToken: string,
): Promise<ChargeRequest> {
  const { asset, payer } = await readParties(db, payment);
  return {
    paymentId: toTypeId('payment', payment.id),
    amount: payment.amount,
    currency: { code: asset.code, minorUnits: paidScale(asset) },
    description: payment.description,
    payer,
    methodToken,
  };
}
