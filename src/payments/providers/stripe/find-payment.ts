import type Stripe from 'stripe';
import type { StripeClient } from './client.ts';
import { isMissing } from './errors.ts';

/** Marks payments that were charged without the customer: no page belongs to them. */
export const CHARGED = { origin: 'charge' } as const;

/** The objects of one payment: a page, money, or both. */
export type FoundPayment =
  | { readonly session: Stripe.Checkout.Session; readonly intent: Stripe.PaymentIntent | null }
  | { readonly session: null; readonly intent: Stripe.PaymentIntent };

const WITH_CARD = ['latest_charge', 'payment_method'];

/** By the id of a Checkout Session or of a PaymentIntent. Null when Stripe has none, or when nothing is paid with it. */
export async function findPayment(client: StripeClient, ref: string): Promise<FoundPayment | null> {
  try {
    if (ref.startsWith('cs_')) return await findSession(client, ref);
    return ref.startsWith('pi_') ? await findIntent(client, ref) : null;
  } catch (error) {
    if (isMissing(client, error)) return null;
    throw error;
  }
}

async function findSession({ stripe }: StripeClient, id: string): Promise<FoundPayment | null> {
  const session = await stripe.checkout.sessions.retrieve(id, {
    expand: WITH_CARD.map((path) => `payment_intent.${path}`),
  });
  const { mode, payment_intent: intent } = session;
  if (mode !== 'payment') return null;
  return { session, intent: typeof intent === 'object' ? intent : null };
}

/** Together with the page that it was paid on, which alone knows what of it is tax. */
async function findIntent({ stripe }: StripeClient, id: string): Promise<FoundPayment> {
  const intent = await stripe.paymentIntents.retrieve(id, { expand: WITH_CARD });
  if (intent.metadata.origin === CHARGED.origin) return { session: null, intent };
  const { data } = await stripe.checkout.sessions.list({ payment_intent: id, limit: 1 });
  return { session: data[0] ?? null, intent };
}
