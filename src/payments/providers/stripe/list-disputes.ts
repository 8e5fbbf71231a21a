import type Stripe from 'stripe';
import type { ProviderDispute } from '../../provider.ts';
import { type Bill, fromStripe, withoutTax } from './amounts.ts';
import type { StripeClient } from './client.ts';

/** Inquiries are disputes too: the bank may take the money back after one. */
export async function listDisputes(
  { stripe }: StripeClient,
  intent: Stripe.PaymentIntent | null,
  bill: Bill,
): Promise<ProviderDispute[]> {
  const charge = intent?.latest_charge;
  if (!intent || !charge || typeof charge === 'string' || !charge.disputed) return [];
  const disputes: ProviderDispute[] = [];
  for await (const { id, amount, status, reason } of stripe.disputes.list({
    payment_intent: intent.id,
  })) {
    const whole = fromStripe(amount, bill.currency);
    disputes.push({
      ref: id,
      amount: withoutTax(whole, bill),
      status: statusOf(status),
      reason: reason || null,
    });
  }
  return disputes;
}

/** An inquiry that is closed, and a dispute that was prevented, have taken nothing. */
function statusOf(status: string): ProviderDispute['status'] {
  if (status === 'lost') return 'LOST';
  return status === 'won' || status === 'warning_closed' || status === 'prevented' ? 'WON' : 'OPEN';
}
