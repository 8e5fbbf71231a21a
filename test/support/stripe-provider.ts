import { fromUUID } from 'typeid-js';
import { v7 } from 'uuid';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { type Exact, exact, plain } from '../../src/kit/decimal.ts';
import type {
  ChargeRequest,
  CheckoutRequest,
  Provider,
  ProviderPayment,
} from '../../src/payments/provider.ts';
import type { ProviderDeps } from '../../src/payments/provider-module.ts';
import { openClient, type Patience } from '../../src/payments/providers/stripe/client.ts';
import { createStripeProvider } from '../../src/payments/providers/stripe/stripe-provider.ts';
import { type StripeStandIn, startStripeStandIn } from './stripe-stand-in.ts';

export const USD = { code: 'USD', minorUnits: 2 } as const;

/** Stripe's adapter is handed these like any, and uses neither records nor `emit`. */
export const STRIPE_DEPS: ProviderDeps = {
  clock: systemClock,
  providerId: 'payprov_01h455vb4pex5vsknk084sn02q',
  records: {
    create: () => Promise.reject(new Error('Stripe keeps its objects itself.')),
    read: () => Promise.reject(new Error('Stripe keeps its objects itself.')),
    update: () => Promise.reject(new Error('Stripe keeps its objects itself.')),
    nextIndex: () => Promise.reject(new Error('Stripe keeps its objects itself.')),
  },
  emit: () => Promise.reject(new Error('Stripe writes its webhooks itself.')),
  publicUrl: 'https://billing.example.com',
  allowPrivate: true,
};

export interface StripeTest {
  readonly stripe: StripeStandIn;
  readonly provider: Provider;
  /** What the provider says of it now; throws when it knows nothing of it. */
  look(ref: string): Promise<ProviderPayment>;
}

const PATIENCE: Patience = { timeoutMs: 15_000, maxRetries: 2 };

/** The adapter in front of a stand-in of its own, until the test ends. */
export async function openStripe({
  automaticTax = 'false',
  ...patience
}: Partial<Patience> & { readonly automaticTax?: string } = {}): Promise<StripeTest> {
  const stripe = await startStripeStandIn();
  onTestFinished(() => stripe.close());
  const config = { ...stripe.config, automaticTax };
  const client = await openClient(config, STRIPE_DEPS, { ...PATIENCE, ...patience });
  const provider = createStripeProvider(client);
  return {
    stripe,
    provider,
    async look(ref) {
      const payment = await provider.fetchPayment(ref);
      if (!payment) throw new Error(`Stripe knows nothing of ${ref}.`);
      return payment;
    },
  };
}

/** Of a payment that was made so many hours ago. */
export function paymentId(hoursAgo = 0): string {
  return fromUUID(v7({ msecs: inHours(-hoursAgo).getTime() }), 'payment');
}

export function inHours(hours: number): Date {
  return new Date(Date.now() + hours * 3_600_000);
}

const PAYER = { id: 'customer_01', name: 'Ada', email: 'ada@example.com' } as const;

/** A checkout of 25 dollars. */
export function checkoutOf(changes: Partial<CheckoutRequest> = {}): CheckoutRequest {
  return {
    paymentId: paymentId(),
    amount: exact('25'),
    currency: USD,
    description: '1,000 credits',
    payer: PAYER,
    saveMethod: false,
    refundPolicy: null,
    returnUrl: 'https://shop.example.com/wallet',
    expiresAt: inHours(2),
    ...changes,
  };
}

/** A charge of 25 dollars. */
export function chargeOf(methodToken: string, changes: Partial<ChargeRequest> = {}): ChargeRequest {
  return {
    paymentId: paymentId(),
    amount: exact('25'),
    currency: USD,
    description: 'Auto-recharge',
    payer: PAYER,
    methodToken,
    ...changes,
  };
}

/** Amounts as they are read. */
export function amounts({ paid, tax, refunds, disputes }: ProviderPayment) {
  const text = (amount: Exact) => plain(amount);
  return {
    paid: text(paid),
    tax: text(tax),
    refunds: refunds.map(({ amount }) => text(amount)),
    disputes: disputes.map(({ amount }) => text(amount)),
  };
}
