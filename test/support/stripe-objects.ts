import type Stripe from 'stripe';
import { type Form, formOf, StripeRefusal, textOf, textsOf } from './stripe-http.ts';

// Stripe's objects in its documented shapes: the names and types of the fields are those of the SDK, which are generated from
// Stripe's own specification; references are ids until somebody asks to expand them.

type Referring<T, Names extends keyof T> = Omit<T, Names> & Record<Names, string | null>;

export type SessionObject = Referring<
  Pick<
    Stripe.Checkout.Session,
    | 'id'
    | 'object'
    | 'amount_subtotal'
    | 'amount_total'
    | 'automatic_tax'
    | 'cancel_url'
    | 'client_reference_id'
    | 'created'
    | 'currency'
    | 'custom_text'
    | 'customer'
    | 'customer_creation'
    | 'customer_email'
    | 'expires_at'
    | 'livemode'
    | 'metadata'
    | 'mode'
    | 'payment_intent'
    | 'payment_status'
    | 'status'
    | 'success_url'
    | 'total_details'
    | 'url'
  >,
  'customer' | 'payment_intent'
>;

export type IntentObject = Referring<
  Pick<
    Stripe.PaymentIntent,
    | 'id'
    | 'object'
    | 'amount'
    | 'amount_received'
    | 'cancellation_reason'
    | 'client_secret'
    | 'created'
    | 'currency'
    | 'customer'
    | 'description'
    | 'last_payment_error'
    | 'latest_charge'
    | 'livemode'
    | 'metadata'
    | 'next_action'
    | 'payment_method'
    | 'setup_future_usage'
    | 'status'
  >,
  'customer' | 'latest_charge' | 'payment_method'
>;

export type ChargeObject = Referring<
  Pick<
    Stripe.Charge,
    | 'id'
    | 'object'
    | 'amount'
    | 'amount_refunded'
    | 'created'
    | 'currency'
    | 'customer'
    | 'disputed'
    | 'failure_code'
    | 'metadata'
    | 'paid'
    | 'payment_intent'
    | 'payment_method'
    | 'payment_method_details'
    | 'refunded'
    | 'status'
  >,
  'customer' | 'payment_intent'
>;

export type MethodObject = Referring<
  Pick<
    Stripe.PaymentMethod,
    'id' | 'object' | 'created' | 'customer' | 'livemode' | 'metadata' | 'type'
  >,
  'customer'
> & { readonly card: Readonly<Record<string, unknown>> };

export type RefundObject = Referring<
  Pick<
    Stripe.Refund,
    | 'id'
    | 'object'
    | 'amount'
    | 'charge'
    | 'created'
    | 'currency'
    | 'metadata'
    | 'payment_intent'
    | 'reason'
    | 'status'
  >,
  'charge' | 'payment_intent'
>;

export type DisputeObject = Referring<
  Pick<
    Stripe.Dispute,
    | 'id'
    | 'object'
    | 'amount'
    | 'charge'
    | 'created'
    | 'currency'
    | 'metadata'
    | 'payment_intent'
    | 'reason'
    | 'status'
  >,
  'charge' | 'payment_intent'
>;

/** A card that a customer shows; whatever is left out is a Visa that ends in 4242. */
export interface CardShown {
  readonly brand?: string;
  readonly last4?: string;
  readonly expMonth?: number;
  readonly expYear?: number;
  /** @default one for each last four digits */
  readonly fingerprint?: string;
}

const WITH_THREE_PLACES = /^(?:bhd|jod|kwd|omr|tnd)$/;

let count = 0;

/** Not unlike Stripe's, and in the order in which they were made. */
export function idOf(prefix: string): string {
  count += 1;
  return `${prefix}_${count.toString().padStart(6, '0')}StandIn`;
}

export function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}

export function invalid(message: string, param?: string, code?: string): StripeRefusal {
  return new StripeRefusal(400, { type: 'invalid_request_error', message, param, code });
}

/** A whole number of the currency's units, as Stripe takes it. */
export function amountOf(value: string | Form | undefined, currency: string, param: string) {
  const text = textOf(value) ?? '';
  if (!/^\d+$/.test(text) || text === '0') {
    throw invalid(`Invalid integer: ${text}`, param, 'parameter_invalid_integer');
  }
  const amount = Number(text);
  const isWhole = currency === 'isk' ? amount % 100 === 0 : true;
  if ((WITH_THREE_PLACES.test(currency) && amount % 10 !== 0) || !isWhole) {
    throw invalid(`Invalid amount in ${currency}`, param, 'invalid_charge_amount');
  }
  return amount;
}

export function methodOf(card: CardShown, customer: string | null): MethodObject {
  const { brand = 'visa', last4 = '4242', expMonth = 12, expYear = 2034 } = card;
  const fingerprint = card.fingerprint ?? `fingerprint${last4}`;
  return {
    id: idOf('pm'),
    object: 'payment_method',
    created: secondsNow(),
    customer,
    livemode: false,
    metadata: {},
    type: 'card',
    card: { brand, last4, exp_month: expMonth, exp_year: expYear, fingerprint },
  };
}

const HALF_HOUR = 30 * 60;
const DAY = 24 * 60 * 60;
const MAX_MESSAGE = 1200;

/** What `POST /v1/checkout/sessions` makes. */
export function sessionOf(params: Form): SessionObject {
  const item = formOf(formOf(params.line_items)['0']);
  const price = formOf(item.price_data);
  const currency = textOf(price.currency) ?? '';
  if (!/^[a-z]{3}$/.test(currency)) throw invalid('Invalid currency', 'currency');
  if (!textOf(formOf(price.product_data).name)) throw invalid('Missing name', 'product_data');
  const amount = amountOf(price.unit_amount, currency, 'unit_amount');
  const quantity = Number(textOf(item.quantity));
  const created = secondsNow();
  const expires = Number(textOf(params.expires_at) ?? created + DAY);
  if (expires < created + HALF_HOUR || expires > created + DAY) {
    throw invalid('The `expires_at` timestamp must be 30 minutes to 24 hours away', 'expires_at');
  }
  const message = textOf(formOf(formOf(params.custom_text).submit).message);
  if (message && message.length > MAX_MESSAGE) throw invalid('Too long', 'custom_text');
  const hasTax = textOf(formOf(params.automatic_tax).enabled) === 'true';
  if (hasTax && !textOf(price.tax_behavior)) throw invalid('Missing tax behaviour', 'tax_behavior');
  const id = idOf('cs_test');
  return {
    id,
    object: 'checkout.session',
    amount_subtotal: amount * quantity,
    amount_total: amount * quantity,
    automatic_tax: { enabled: hasTax, liability: null, provider: null, status: null },
    cancel_url: textOf(params.cancel_url),
    client_reference_id: textOf(params.client_reference_id),
    created,
    currency,
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: message === null ? null : { message },
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_creation: textOf(params.customer_creation) ?? 'if_required',
    customer_email: textOf(params.customer_email),
    expires_at: expires,
    livemode: false,
    metadata: textsOf(params.metadata),
    mode: textOf(params.mode) ?? '',
    // Made when the customer confirms: the page alone promises nothing.
    payment_intent: null,
    payment_status: 'unpaid',
    status: 'open',
    success_url: textOf(params.success_url),
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: `https://checkout.stripe.com/c/pay/${id}`,
  };
}

export function intentOf(
  params: Form,
  { amount, currency }: { readonly amount: number; readonly currency: string },
): IntentObject {
  const id = idOf('pi');
  return {
    id,
    object: 'payment_intent',
    amount,
    amount_received: 0,
    cancellation_reason: null,
    client_secret: `${id}_secret_standin`,
    created: secondsNow(),
    currency,
    customer: textOf(params.customer),
    description: textOf(params.description),
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: textsOf(params.metadata),
    next_action: null,
    payment_method: null,
    setup_future_usage: textOf(params.setup_future_usage),
    status: 'requires_payment_method',
  };
}

export function chargeOf(
  intent: IntentObject,
  method: MethodObject,
  failureCode: string | null,
): ChargeObject {
  return {
    id: idOf('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_refunded: 0,
    created: secondsNow(),
    currency: intent.currency,
    customer: intent.customer,
    disputed: false,
    failure_code: failureCode,
    metadata: { ...intent.metadata },
    paid: failureCode === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: method.card } as unknown as NonNullable<
      ChargeObject['payment_method_details']
    >,
    refunded: false,
    status: failureCode === null ? 'succeeded' : 'failed',
  };
}
