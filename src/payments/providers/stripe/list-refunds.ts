import type Stripe from 'stripe';
import { type Exact, parseDecimal } from '../../../kit/decimal.ts';
import type { ProviderRefund } from '../../provider.ts';
import { type Bill, fromStripe, withoutTax } from './amounts.ts';
import type { StripeClient } from './client.ts';

export interface RefundsMade {
  readonly received: Bill;
  /** Oldest first. */
  readonly refunds: readonly ProviderRefund[];
  /** What can still be given back. */
  readonly left: Bill;
}

/** Stripe gives no more at a time. */
const PAGE = 100;

export async function listRefunds(
  { stripe }: StripeClient,
  intent: Stripe.PaymentIntent | null,
  received: Bill,
): Promise<RefundsMade> {
  if (!intent?.amount_received) return { received, refunds: [], left: received };
  const newestFirst: Stripe.Refund[] = [];
  for await (const made of stripe.refunds.list({ payment_intent: intent.id, limit: PAGE })) {
    newestFirst.push(made);
  }
  let { gross, net } = received;
  const refunds = newestFirst.reverse().map((made): ProviderRefund => {
    const amount = fromStripe(made.amount, received.currency);
    // Whatever gives back the rest gives back the rest without tax too: parts that were rounded add up to the whole.
    const asked = askedOf(made) ?? (amount === gross ? net : withoutTax(amount, received));
    const refund = readRefund(made, asked);
    if (refund.status !== 'FAILED') {
      gross -= amount;
      net -= asked;
    }
    return refund;
  });
  return { received, refunds, left: { ...received, gross, net } };
}

/** `amount` is without tax. */
export function readRefund({ id, metadata, status }: Stripe.Refund, amount: Exact): ProviderRefund {
  return { ref: id, refundId: metadata?.refundId ?? null, amount, status: statusOf(status) };
}

/** What we asked for, without tax, as we wrote it down with the refund; null for one that was made at Stripe. */
function askedOf({ metadata }: Stripe.Refund): Exact | null {
  if (!metadata?.refundId) return null;
  const asked = parseDecimal(metadata.amount);
  return typeof asked === 'bigint' ? asked : null;
}

function statusOf(status: string | null): ProviderRefund['status'] {
  if (status === 'succeeded') return 'SUCCEEDED';
  return status === 'failed' || status === 'canceled' ? 'FAILED' : 'PENDING';
}
