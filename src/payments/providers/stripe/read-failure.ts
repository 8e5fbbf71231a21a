import type Stripe from 'stripe';
import type { PaymentFailure } from '../../provider.ts';
import { CHARGED } from './find-payment.ts';

export const AUTHENTICATION_REQUIRED: PaymentFailure = {
  code: 'AUTHENTICATION_REQUIRED',
  message: 'Your bank wants you to confirm this payment.',
};

/** Stripe asks to tell a thief no more than that: https://docs.stripe.com/declines/codes */
const UNSAID = [
  'generic_decline',
  'fraudulent',
  'lost_card',
  'merchant_blacklist',
  'pickup_card',
  'stolen_card',
];

/** Why it was declined last; also while the customer may try again. Null once it has not been, or is paid. */
export function readFailure(intent: Stripe.PaymentIntent): PaymentFailure | null {
  const { status, metadata, last_payment_error: error } = intent;
  // A charge without the customer is asked to be confirmed only after it was declined for want of that.
  const wantsCustomer = status === 'requires_action' && metadata.origin === CHARGED.origin;
  if (wantsCustomer || error?.code === 'authentication_required') return AUTHENTICATION_REQUIRED;
  if (!error || status === 'succeeded') return null;
  const code = error.code ?? error.type;
  const reason = code === 'card_declined' ? error.decline_code : undefined;
  const said = reason && !UNSAID.includes(reason) ? reason : code;
  const message = error.message ?? 'The payment was declined.';
  return { code: said.toUpperCase(), message, ...(error.charge && { attempt: error.charge }) };
}
