import type Stripe from 'stripe';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../kit/clock.ts';
import { instantOf } from '../../../kit/ids.ts';
import { type CheckoutMade, type CheckoutRequest, ProviderError } from '../../provider.ts';
import { toStripe } from './amounts.ts';
import type { StripeClient } from './client.ts';

/** Stripe takes no longer text beside its button. */
const MAX_POLICY = 1200;
const MAX_DESCRIPTION = 250;

/**
 * A page is open for 30 minutes to 24 hours. The five minutes more are for asking again: the words have to be the same
 * then, and still be taken.
 */
const SHORTEST_MS = 35 * MINUTE_MS;
const LONGEST_MS = DAY_MS - MINUTE_MS;

/** A Checkout Session for one payment; its id is our `ref`. */
export async function createCheckout(
  client: StripeClient,
  request: CheckoutRequest,
): Promise<CheckoutMade> {
  const { id, url } = await client.stripe.checkout.sessions.create(paramsOf(client, request), {
    idempotencyKey: `checkout:${request.paymentId}`,
  });
  if (!url) throw new ProviderError('NO_PAGE', 'Stripe made a payment without a page.', false);
  return { ref: id, url, instructions: null };
}

function paramsOf(
  { hasAutomaticTax, publicUrl, clock }: StripeClient,
  request: CheckoutRequest,
): Stripe.Checkout.SessionCreateParams {
  const { paymentId, amount, currency, payer, saveMethod, refundPolicy } = request;
  const description = shortened(request.description, MAX_DESCRIPTION);
  const returnUrl = request.returnUrl ?? publicUrl;
  const madeAt = instantOf(paymentId) ?? clock.now();
  return {
    mode: 'payment',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: currency.code.toLowerCase(),
          unit_amount: toStripe(amount, currency),
          product_data: { name: description },
          ...(hasAutomaticTax ? { tax_behavior: 'exclusive' } : {}),
        },
      },
    ],
    client_reference_id: paymentId,
    metadata: { paymentId },
    payment_intent_data: {
      description,
      metadata: { paymentId },
      ...(saveMethod ? { setup_future_usage: 'off_session' } : {}),
    },
    // Stripe keeps methods for customers of its own only.
    ...(saveMethod ? { customer_creation: 'always' } : {}),
    ...(payer.email ? { customer_email: payer.email } : {}),
    ...(refundPolicy
      ? { custom_text: { submit: { message: shortened(refundPolicy, MAX_POLICY) } } }
      : {}),
    ...(hasAutomaticTax ? { automatic_tax: { enabled: true } } : {}),
    success_url: returnUrl,
    cancel_url: returnUrl,
    expires_at: expiryOf(request.expiresAt, madeAt),
  };
}

/**
 * In seconds. The bounds are counted from when the payment was made, and not from now: asked again under the same key, Stripe
 * refuses other words.
 */
function expiryOf(expiresAt: Date, madeAt: Date): number {
  const earliest = madeAt.getTime() + SHORTEST_MS;
  const latest = madeAt.getTime() + LONGEST_MS;
  const ms = Math.min(Math.max(expiresAt.getTime(), earliest), latest);
  return Math.floor(ms / SECOND_MS);
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
