import type Stripe from 'stripe';
import { HOUR_MS, SECOND_MS } from '../../../kit/clock.ts';
import { instantOf } from '../../../kit/ids.ts';
import { type ChargeRequest, ProviderError, type ProviderPayment } from '../../provider.ts';
import { toStripe } from './amounts.ts';
import type { StripeClient } from './client.ts';
import { toProviderError } from './errors.ts';
import { fetchPayment } from './fetch-payment.ts';
import { CHARGED } from './find-payment.ts';
import { type KeptMethod, readToken } from './read-method.ts';

/** Stripe gives no more at a time. */
const PAGE = 100;
/** Idempotency keys count for a day at least. */
const REMEMBERED_MS = 23 * HOUR_MS;
/** Stripe's clock and ours. */
const CLOCKS_DIFFER_MS = HOUR_MS;

/** A PaymentIntent that is confirmed at once and without the customer; its id is our `ref`. */
export async function chargeMethod(
  client: StripeClient,
  request: ChargeRequest,
): Promise<ProviderPayment> {
  const kept = readToken(request.methodToken);
  if (!kept) throw new ProviderError('NO_SUCH_METHOD', 'Stripe keeps no such method.', false);
  const charged = await charge(client, request, kept);
  if (charged.last_payment_error?.code === 'authentication_required') {
    await askCustomer(client, request, charged.id, kept);
  }
  // What was just answered may be an old answer: the same key is answered the same for a day.
  const payment = await fetchPayment(client, charged.id);
  if (!payment) throw new ProviderError('resource_missing', 'Stripe has lost a charge.', true);
  return payment;
}

async function charge(
  client: StripeClient,
  request: ChargeRequest,
  kept: KeptMethod,
): Promise<Stripe.PaymentIntent> {
  const { stripe, clock } = client;
  const ageMs = clock.now().getTime() - madeAt(client, request).getTime();
  const before = ageMs > REMEMBERED_MS ? await findCharged(client, request, kept) : null;
  if (before) return before;
  try {
    return await stripe.paymentIntents.create(paramsOf(request, kept), {
      idempotencyKey: `charge:${request.paymentId}`,
    });
  } catch (error) {
    const declined = error instanceof stripe.errors.StripeCardError && error.payment_intent;
    if (declined) return declined;
    if (!isUncertain(client, error)) throw error;
    // What is thrown in the end is what happened to the charge, and not to the look for it.
    const charged = await findCharged(client, request, kept).catch(() => null);
    if (charged) return charged;
    throw error;
  }
}

function paramsOf(
  { paymentId, amount, currency, description }: ChargeRequest,
  { customer, method }: KeptMethod,
): Stripe.PaymentIntentCreateParams {
  return {
    amount: toStripe(amount, currency),
    currency: currency.code.toLowerCase(),
    customer,
    payment_method: method,
    off_session: true,
    confirm: true,
    description,
    metadata: { paymentId, ...CHARGED },
  };
}

function isUncertain(client: StripeClient, error: unknown): boolean {
  const known = toProviderError(client, error);
  return known instanceof ProviderError && known.isRetryable;
}

/**
 * A charge may have been made behind an answer that says that Stripe failed, and under the same key that answer would be given
 * again and again; and what was asked a day ago Stripe has forgotten, and would do again.
 */
async function findCharged(
  client: StripeClient,
  request: ChargeRequest,
  { customer }: KeptMethod,
): Promise<Stripe.PaymentIntent | null> {
  const earliest = madeAt(client, request).getTime() - CLOCKS_DIFFER_MS;
  const created = { gte: Math.floor(earliest / SECOND_MS) };
  for await (const intent of client.stripe.paymentIntents.list({
    customer,
    created,
    limit: PAGE,
  })) {
    if (intent.metadata.paymentId === request.paymentId) return intent;
  }
  return null;
}

function madeAt({ clock }: StripeClient, { paymentId }: ChargeRequest): Date {
  return instantOf(paymentId) ?? clock.now();
}

/** Confirms it as if the customer were there: then there is an address where he can say yes. */
async function askCustomer(
  client: StripeClient,
  { paymentId }: ChargeRequest,
  id: string,
  { method }: KeptMethod,
): Promise<void> {
  try {
    await client.stripe.paymentIntents.confirm(
      id,
      { payment_method: method, return_url: client.publicUrl },
      { idempotencyKey: `confirm:${paymentId}` },
    );
  } catch (error) {
    // Declined, or confirmed or canceled meanwhile: it is looked at anyway.
    if (isUncertain(client, error)) throw error;
  }
}
