import type Stripe from 'stripe';
import type { ProviderMethod } from '../../provider.ts';

/** What all kinds of methods may say of themselves, each under its own name. */
interface Details {
  readonly brand?: string | null;
  readonly last4?: string | null;
  readonly exp_month?: number | null;
  readonly exp_year?: number | null;
  readonly fingerprint?: string | null;
}

/** With what it was paid, is being paid, or was tried last. */
export function readMethod(intent: Stripe.PaymentIntent): ProviderMethod | null {
  const { payment_method: used, last_payment_error: error } = intent;
  // Stripe takes a method that was declined off the payment, and leaves it with the error.
  const shown = typeof used === 'object' && used ? used : error?.payment_method;
  if (!shown) return null;
  const details = detailsOf(shown);
  return {
    token: tokenOf(intent),
    brand: details.brand ?? shown.type,
    last4: details.last4 ?? null,
    expMonth: details.exp_month ?? null,
    expYear: details.exp_year ?? null,
    fingerprint: details.fingerprint ?? null,
  };
}

function detailsOf(shown: Stripe.PaymentMethod): Details {
  const details: unknown = Object.entries(shown).find(([name]) => name === shown.type)?.[1];
  return typeof details === 'object' && details !== null ? details : {};
}

/** A method is charged together with the customer, of Stripe's, for whom it is kept: `cus_1/pm_1`. */
function tokenOf({ payment_method: method }: Stripe.PaymentIntent): string | null {
  if (!method || typeof method === 'string' || !method.customer) return null;
  const { customer } = method;
  return `${typeof customer === 'string' ? customer : customer.id}/${method.id}`;
}

export interface KeptMethod {
  readonly customer: string;
  readonly method: string;
}

/** Null for what no token of ours looks like. */
export function readToken(token: string): KeptMethod | null {
  const [, customer, method] = /^(cus_\w+)\/(\w+)$/.exec(token) ?? [];
  return customer && method ? { customer, method } : null;
}
