import type Stripe from 'stripe';
import { type Clock, SECOND_MS } from '../../../kit/clock.ts';
import { ProviderError } from '../../provider.ts';
import type { ProviderConfig, ProviderDeps } from '../../provider-module.ts';

/** How long Stripe is waited for. */
export interface Patience {
  /** For one answer. @default 15 s */
  readonly timeoutMs: number;
  /** How often the SDK asks again by itself, with the same idempotency key. @default 2 */
  readonly maxRetries: number;
}

const PATIENCE: Patience = { timeoutMs: 15 * SECOND_MS, maxRetries: 2 };

/** One organization's way to Stripe. */
export interface StripeClient {
  readonly stripe: Stripe;
  readonly webhookSecret: string;
  /** Whether Stripe Tax puts tax on top of what is bought. */
  readonly hasAutomaticTax: boolean;
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** Loads the SDK, which is large and which only those wait for who use it. */
export async function openClient(
  config: ProviderConfig,
  { publicUrl, allowPrivate, clock }: ProviderDeps,
  { timeoutMs, maxRetries }: Patience = PATIENCE,
): Promise<StripeClient> {
  const { secretKey = '', webhookSecret = '', apiBase, automaticTax } = config;
  if (apiBase && !allowPrivate) {
    throw new ProviderError('NOT_PERMITTED', 'Stripe has no other address here.', false);
  }
  const { default: Sdk } = await import('stripe');
  const stripe = new Sdk(secretKey, {
    ...(apiBase ? addressOf(apiBase) : {}),
    timeout: timeoutMs,
    maxNetworkRetries: maxRetries,
    // It would write an id into the home of whoever runs the server.
    telemetry: false,
    appInfo: { name: 'Drawdown' },
  });
  return { stripe, webhookSecret, hasAutomaticTax: automaticTax === 'true', publicUrl, clock };
}

function addressOf(apiBase: string): Stripe.StripeConfig {
  const { protocol, hostname, port } = new URL(apiBase);
  const isSecure = protocol === 'https:';
  return {
    protocol: isSecure ? 'https' : 'http',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port || (isSecure ? 443 : 80),
  };
}
