import type Stripe from 'stripe';
import type { ProviderPaymentStatus } from '../../provider.ts';

/** The money says more than the page: what has arrived has arrived, whatever became of the page. */
export function statusOf(
  session: Stripe.Checkout.Session | null,
  intent: Stripe.PaymentIntent | null,
): ProviderPaymentStatus {
  switch (intent?.status) {
    case 'succeeded':
      return 'SETTLED';
    case 'processing':
    case 'requires_capture':
      return 'AUTHORIZED';
    case 'canceled':
      return session?.status === 'expired' ? 'EXPIRED' : 'CANCELED';
  }
  if (session?.status === 'expired') return 'EXPIRED';
  // On a page that is open a declined customer tries another card.
  if (session?.status === 'open') return 'PENDING';
  const isRefused = intent?.status === 'requires_payment_method';
  return isRefused && (session || intent.last_payment_error) ? 'FAILED' : 'PENDING';
}

/** What Stripe calls the addresses that it sends customers to: 3-D Secure, vouchers, instructions. */
const ADDRESSES = [
  'url',
  'hosted_voucher_url',
  'hosted_instructions_url',
  'hosted_verification_url',
];

/** Where the customer has to confirm it. Null also when only Stripe's own page can show him what to do. */
export function actionUrlOf({ status, next_action }: Stripe.PaymentIntent): string | null {
  if (status !== 'requires_action' || !next_action) return null;
  for (const action of Object.values(next_action)) {
    if (typeof action !== 'object') continue;
    for (const [name, value] of Object.entries(action ?? {})) {
      if (ADDRESSES.includes(name) && typeof value === 'string') return value;
    }
  }
  return null;
}
