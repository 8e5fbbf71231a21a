import { exact, plain, ZERO } from '../../../kit/decimal.ts';
import { ProviderError, type ProviderRefund, type RefundRequest } from '../../provider.ts';
import { announce, type Change } from './change.ts';
import { lowerDisputes } from './disputes.ts';
import { leftAt, type SandboxPayment } from './record.ts';
import { unguessable } from './refs.ts';

/** Gives back so much of what is left. Null when it was done before. */
export function refund(payment: SandboxPayment, request: RefundRequest, now: Date): Change | null {
  if (refundOf(payment, request.refundId)) return null;
  if (request.currency.code !== payment.currency.code) {
    throw refused('CURRENCY_MISMATCH', `It was paid in ${payment.currency.code}.`);
  }
  if (request.amount <= ZERO) throw refused('BAD_AMOUNT', 'A refund is above zero.');
  const left = leftAt(payment, now);
  if (request.amount > left) {
    throw refused('AMOUNT_TOO_LARGE', `Of the payment ${plain(left)} can be refunded.`);
  }
  const { refundId } = request;
  const made = { ref: unguessable('sbr'), refundId, amount: plain(request.amount) };
  const refunded = { ...payment, refunds: [...payment.refunds, made] };
  return {
    payment: { ...refunded, disputes: lowerDisputes(refunded, now) },
    events: [announce('payment.refunded')],
  };
}

export function refundOf(payment: SandboxPayment, refundId: string): ProviderRefund | null {
  const made = payment.refunds.find((one) => one.refundId === refundId);
  return made ? { ...made, amount: exact(made.amount), status: 'SUCCEEDED' } : null;
}

function refused(code: string, message: string): ProviderError {
  return new ProviderError(code, message, false);
}
