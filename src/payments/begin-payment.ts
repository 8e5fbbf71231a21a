import { toTypeId } from '../kit/ids.ts';
import type { PaymentsRoom } from './deps.ts';
import { failPayment } from './fail-payment.ts';
import { paidScale } from './offer.ts';
import { readParties } from './parties.ts';
import type { PaymentState } from './payment.ts';
import { type CheckoutRequest, ProviderError } from './provider.ts';
import { redactFailure } from './redact.ts';
import type { ProviderRefused, ProviderUnavailable } from './refusals.ts';
import { writeCheckout } from './store.ts';

/**
 * Has the provider make its page for a payment, and keeps what it answers. To be asked again when nobody knows what became of it:
 * the provider goes by the payment's id, and makes one.
 */
export async function beginCheckout(
  room: PaymentsRoom,
  payment: PaymentState,
): Promise<ProviderUnavailable | ProviderRefused | null> {
  const { db, clock, providers } = room;
  const opened = await providers.openById(payment.providerId);
  if (!opened) throw new Error(`The provider of ${payment.id} is gone.`);
  try {
    const made = await opened.provider.createCheckout(await requestOf(room, payment));
    const isOpen = await db.transaction((tx) => writeCheckout(tx, payment, made, clock.now()));
    if (!isOpen) await opened.provider.cancelPayment(made.ref);
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { code: provider } = opened.row;
    const { message, code: reason } = redactFailure(error);
    if (error.isRetryable) return { refusal: 'ProviderUnavailable', provider, message };
    await failPayment(room, payment, { code: reason, message });
    return { refusal: 'ProviderRefused', provider, reason, message };
  }
}

async function requestOf({ db }: PaymentsRoom, payment: PaymentState): Promise<CheckoutRequest> {
  const { asset, payer, refundPolicy } = await readParties(db, payment);
  return {
    paymentId: toTypeId('payment', payment.id),
    amount: payment.amount,
    currency: { code: asset.code, minorUnits: paidScale(asset) },
    description: payment.description,
    payer,
    saveMethod: payment.savesMethod,
    refundPolicy,
    returnUrl: payment.returnUrl,
    expiresAt: payment.expiresAt,
  };
}
