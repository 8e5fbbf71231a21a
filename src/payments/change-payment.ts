import { inOrganization, type Viewer } from '../access/viewer.ts';
import { createChecker } from '../kit/check.ts';
import { plain } from '../kit/decimal.ts';
import { fromTypeId, type Id } from '../kit/ids.ts';
import { type CommonRefusal, type Conflict, conflict, notFound } from '../kit/refusal.ts';
import { applyObject } from './apply-object.ts';
import type { PaymentsRoom } from './deps.ts';
import { endPayment } from './fail-payment.ts';
import { lookAt } from './looks.ts';
import { paidScale } from './offer.ts';
import { readParties } from './parties.ts';
import { isOver, type PaymentState, paymentState } from './payment.ts';
import { ProviderError } from './provider.ts';
import { confirmTransfer } from './providers/manual/manual.ts';
import { redactFailure } from './redact.ts';
import type { ProviderRefused, ProviderUnavailable } from './refusals.ts';
import { refuseCardNumbers } from './refuse-card-numbers.ts';
import { readState } from './store.ts';

export interface PaymentChanged {
  readonly paymentId: Id<'payment'>;
  readonly customerId: Id<'customer'>;
}

/** A payment of the organization, whoever the customer is. */
async function find({ db }: PaymentsRoom, viewer: Viewer, typeId: string) {
  const id = fromTypeId('payment', typeId);
  const where = id && { ...inOrganization(viewer), id };
  const row = where && (await db.prisma.payment.findFirst({ where }));
  return row ? paymentState(row) : notFound('payment', 'Payment', typeId);
}

export interface CancelPaymentInput {
  readonly payment: string;
}

/** Takes the page of a payment away. What was paid in that moment is credited all the same. */
export async function cancelPayment(
  room: PaymentsRoom,
  viewer: Viewer,
  { payment: typeId }: CancelPaymentInput,
): Promise<PaymentChanged | CommonRefusal | ProviderUnavailable | ProviderRefused> {
  const payment = await find(room, viewer, typeId);
  if ('refusal' in payment) return payment;
  if (payment.status !== 'CANCELED') {
    if (isOver(payment.status)) return conflict('payment', `It is ${payment.status} already.`);
    const refusal = await cancelAtProvider(room, payment);
    if (refusal) return refusal;
  }
  return { paymentId: payment.id, customerId: payment.customerId };
}

async function cancelAtProvider(
  room: PaymentsRoom,
  payment: PaymentState,
): Promise<Conflict | ProviderUnavailable | ProviderRefused | null> {
  const opened = await room.providers.openById(payment.providerId);
  if (!opened || payment.ref === null) {
    await endPayment(room, payment, 'CANCELED');
    const { status } = await readState(room.db, payment);
    if (isOver(status)) return null;
    const message = 'Its card is being charged: refund it when it is settled.';
    return conflict('payment', message);
  }
  try {
    await opened.provider.cancelPayment(payment.ref);
    const object = await opened.provider.fetchPayment(payment.ref);
    // Some providers have no other word for it than that its time is over.
    if (object && (object.status === 'SETTLED' || object.status === 'AUTHORIZED')) {
      await applyObject(room, payment, object);
    } else {
      await endPayment(room, payment, 'CANCELED');
    }
    return null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { code: provider } = opened.row;
    const { code: reason, message } = redactFailure(error);
    return error.isRetryable
      ? { refusal: 'ProviderUnavailable', provider, message }
      : { refusal: 'ProviderRefused', provider, reason, message };
  }
}

export interface ConfirmPaymentInput {
  readonly payment: string;
  readonly reference: string;
  readonly amount?: unknown;
}

/**
 * Says that the money of a MANUAL payment is there. The same reference counts once for a payment, for ever, with the amount that it
 * was confirmed with first: another one is refused.
 */
export async function confirmPayment(
  room: PaymentsRoom,
  viewer: Viewer,
  input: ConfirmPaymentInput,
): Promise<PaymentChanged | CommonRefusal> {
  const payment = await find(room, viewer, input.payment);
  if ('refusal' in payment) return payment;
  const { asset } = await readParties(room.db, payment);
  const check = createChecker();
  const reference = check.text('reference', input.reference, 255);
  refuseCardNumbers(check, { reference });
  const amount =
    input.amount == null
      ? payment.amount
      : check.positive('amount', input.amount, paidScale(asset));
  const fault = check.fault();
  if (fault) return fault;
  const opened = await room.providers.openById(payment.providerId);
  if (opened?.row.kind !== 'MANUAL' || payment.ref === null) {
    return conflict('payment', 'Its provider says by itself when the money is there.');
  }
  const kept = await confirmTransfer(opened.records, payment.ref, { reference, amount });
  if (input.amount != null && kept !== amount) {
    return conflict('reference', `${plain(kept)} ${asset.code} was confirmed with it before.`);
  }
  await lookAt(room, payment);
  return { paymentId: payment.id, customerId: payment.customerId };
}
