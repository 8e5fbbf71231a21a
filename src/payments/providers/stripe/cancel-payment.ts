import type { StripeClient } from './client.ts';
import { isMissing } from './errors.ts';

/** Takes the page or the charge away. One that is finished, or that Stripe never had, is left as it is. */
export async function cancelPayment(client: StripeClient, ref: string): Promise<void> {
  try {
    await cancel(client, ref);
  } catch (error) {
    if (isMissing(client, error)) return;
    const isRefused = error instanceof client.stripe.errors.StripeInvalidRequestError;
    if (!isRefused || !(await isFinished(client, ref))) throw error;
  }
}

async function cancel({ stripe }: StripeClient, ref: string): Promise<void> {
  if (ref.startsWith('cs_')) await stripe.checkout.sessions.expire(ref);
  if (ref.startsWith('pi_')) await stripe.paymentIntents.cancel(ref);
}

async function isFinished({ stripe }: StripeClient, ref: string): Promise<boolean> {
  if (ref.startsWith('cs_'))
    return (await stripe.checkout.sessions.retrieve(ref)).status !== 'open';
  const { status } = await stripe.paymentIntents.retrieve(ref);
  return status === 'succeeded' || status === 'canceled' || status === 'processing';
}
