import { toTypeId } from '../../kit/ids.ts';
import { applyObject } from '../apply-object.ts';
import type { PaymentsRoom } from '../deps.ts';
import { paidScale } from '../offer.ts';
import { readParties } from '../parties.ts';
import type { PaymentState } from '../payment.ts';
import { ProviderError, type ProviderPayment, type ProviderRefund } from '../provider.ts';
import type { OpenProvider } from '../providers.ts';
import { redactFailure } from '../redact.ts';
import type { ProviderRefused } from '../refusals.ts';
import { readState } from '../store.ts';
import type { Refund } from './claim.ts';
import { failRefund } from './fail-refund.ts';
import { noteRefundFailure, readReturns } from './store.ts';

/**
 * Asks the provider to give money back for a refund that it has not made yet, and books what comes of it. To be asked again when
 * nobody knows: the provider goes by the refund's id, and makes one. A refusal is for good, and its credit is there again.
 */
export async function sendRefund(
  room: PaymentsRoom,
  key: Pick<PaymentState, 'id' | 'customerId'>,
  refundId: string,
): Promise<ProviderRefused | null> {
  const payment = await readState(room.db, key);
  const { refunds } = await readReturns(room.db, payment);
  const refund = refunds.find(({ id }) => id === refundId);
  if (!refund || !isToSend(refund)) return null;
  const opened = await room.providers.openById(payment.providerId);
  if (!opened || payment.ref === null) throw new Error(`The provider of ${payment.id} is gone.`);
  try {
    await send(room, payment, refund, opened);
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const failure = redactFailure(error);
    const { code: reason, message } = failure;
    await noteRefundFailure(room.db, payment, refund.id, failure, room.clock.now());
    if (error.isRetryable) return null;
    await failRefund(room, payment, refund.id, failure);
    return { refusal: 'ProviderRefused', provider: opened.row.code, reason, message };
  }
}

/** The refunds of a payment that the provider does not know of yet. */
export async function sendRefunds(room: PaymentsRoom, payment: PaymentState): Promise<void> {
  const { refunds } = await readReturns(room.db, payment);
  for (const refund of refunds.filter(isToSend)) await sendRefund(room, payment, refund.id);
}

function isToSend({ status, ref, isWithheld }: Refund): boolean {
  return status === 'PENDING' && ref === null && !isWithheld;
}

async function send(
  room: PaymentsRoom,
  payment: PaymentState,
  { id, amount }: Refund,
  { provider }: OpenProvider,
): Promise<void> {
  const { asset } = await readParties(room.db, payment);
  const ref = payment.ref ?? '';
  const currency = { code: asset.code, minorUnits: paidScale(asset) };
  const refundId = toTypeId('paymentRefund', id);
  const made = await provider.refund({ refundId, ref, amount, currency });
  const object = await provider.fetchPayment(ref);
  if (object) await applyObject(room, payment, withRefund(object, { ...made, refundId }));
}

/** What the provider has just answered counts also when its object does not say it yet. */
function withRefund(object: ProviderPayment, made: ProviderRefund): ProviderPayment {
  const isKnown = object.refunds.some(({ ref }) => ref === made.ref);
  return isKnown ? object : { ...object, refunds: [...object.refunds, made] };
}
