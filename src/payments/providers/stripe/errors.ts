import type Stripe from 'stripe';
import { ProviderError } from '../../provider.ts';
import type { StripeClient } from './client.ts';

type AnyStripeError = Stripe.errors.StripeError;

/** Keys, signing secrets, and what a browser confirms a payment with: none of it belongs into a log. */
const SECRETS = /\b(?:sk|rk|pk|whsec)_[\w*]+|\b\w+_secret_\w+/g;

/**
 * What the SDK threw, in the port's words: without the error itself, which holds headers, cards and secrets of payments. An
 * error that is not Stripe's is a bug, and stays one.
 */
export function toProviderError({ stripe }: Pick<StripeClient, 'stripe'>, error: unknown): unknown {
  const { errors } = stripe;
  if (!(error instanceof errors.StripeError)) return error;
  if (error instanceof errors.StripeConnectionError) {
    return isTimeout(error)
      ? new ProviderError('TIMEOUT', 'Stripe did not answer in time.', true)
      : new ProviderError('UNREACHABLE', 'Stripe could not be reached.', true);
  }
  const code = error.code ?? error.rawType ?? 'api_error';
  const message = `Stripe: ${error.message.replace(SECRETS, '...')}`;
  return new ProviderError(code, message, isRetryable(error, errors));
}

/** Also an answer that is no JSON: it came from something in between. */
function isRetryable(error: AnyStripeError, errors: typeof Stripe.errors): boolean {
  if (error instanceof errors.StripeRateLimitError) return true;
  if (!(error instanceof errors.StripeAPIError)) return false;
  const { statusCode } = error;
  return statusCode === undefined || statusCode === 409 || statusCode >= 500;
}

function isTimeout({ detail }: Stripe.errors.StripeConnectionError): boolean {
  return detail instanceof Error && 'code' in detail && detail.code === 'ETIMEDOUT';
}

/** Whether Stripe knows no such object. */
export function isMissing({ stripe }: Pick<StripeClient, 'stripe'>, error: unknown): boolean {
  return error instanceof stripe.errors.StripeError && error.statusCode === 404;
}
