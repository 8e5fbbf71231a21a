import { min, plain } from '../../../kit/decimal.ts';
import { ProviderError, type ProviderRefund, type RefundRequest } from '../../provider.ts';
import { toStripe, withTax } from './amounts.ts';
import type { StripeClient } from './client.ts';
import { billOf, paymentIdOf, refundsOf } from './fetch-payment.ts';
import { findPayment } from './find-payment.ts';
import { type RefundsMade, readRefund } from './list-refunds.ts';

/** Gives back a part of what was paid, together with its part of the tax. */
export async function refund(
  client: StripeClient,
  request: RefundRequest,
): Promise<ProviderRefund> {
  const { refundId, ref, amount, currency } = request;
  const found = await findPayment(client, ref);
  if (!found?.intent) {
    throw new ProviderError('resource_missing', 'Stripe has no such payment.', false);
  }
  const bill = billOf(found);
  if (bill.currency !== currency.code) {
    const message = `It was paid in ${bill.currency}, and not in ${currency.code}.`;
    throw new ProviderError('CURRENCY_DIFFERS', message, false);
  }
  const made = await refundsOf(client, found, bill);
  // Also behind an answer that never came: what is left, and so the tax, would be another the second time.
  const before = made.refunds.find((each) => each.refundId === refundId);
  if (before) return before;
  const paymentId = paymentIdOf(found);
  const created = await client.stripe.refunds.create(
    {
      payment_intent: found.intent.id,
      amount: toStripe(grossOf(request, made), currency),
      metadata: { refundId, amount: plain(amount), ...(paymentId ? { paymentId } : {}) },
    },
    { idempotencyKey: `refund:${refundId}` },
  );
  return readRefund(created, amount);
}

/** The last of several takes what is left of the tax; more than is left is Stripe's to refuse. */
function grossOf({ amount }: RefundRequest, { received, left }: RefundsMade) {
  if (amount === left.net) return left.gross;
  const gross = withTax(amount, received);
  return amount < left.net ? min(gross, left.gross) : gross;
}
