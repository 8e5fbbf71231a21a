import { plain } from '../../../kit/decimal.ts';
import {
  type CheckoutMade,
  type CheckoutRequest,
  type Provider,
  ProviderError,
  type ProviderPayment,
  type ProviderRefund,
  type RefundRequest,
} from '../../provider.ts';
import type { CallJson, JsonAnswer } from '../json-api.ts';
import { notSupported } from '../not-supported.ts';
import { badAnswer, isServiceId, readPaymentRequest, readRefund } from './payment-request.ts';
import { readWebhook } from './read-webhook.ts';

export interface CryptoDeps {
  readonly base: URL;
  readonly call: CallJson;
  readonly webhookSecret: string;
  /** Pages may be without TLS. */
  readonly allowPrivate: boolean;
}

/** A hosted page for stablecoins; what is said over the wire is described with the module. */
export function createCryptoProvider(deps: CryptoDeps): Provider {
  const { call, webhookSecret } = deps;
  const at = (...path: string[]) => below(deps.base, ['payment-requests', ...path]);
  return {
    async createCheckout(request) {
      const headers = { 'idempotency-key': request.paymentId };
      const body = wireOf(request);
      const answer = await call({ method: 'POST', url: at(), headers, body });
      return checkoutOf(request, taken(answer).body, deps.allowPrivate);
    },

    async fetchPayment(ref) {
      if (!isServiceId(ref)) return null;
      const answer = await call({ method: 'GET', url: at(ref) });
      return answer.status === 404 ? null : paymentOf(ref, taken(answer).body);
    },

    async cancelPayment(ref) {
      if (!isServiceId(ref)) return;
      const answer = await call({ method: 'POST', url: at(ref, 'cancel'), body: {} });
      // There is none, or it is over by now: either way it takes no money that is not known of.
      if (answer.status !== 404 && answer.status !== 409) taken(answer);
    },

    async refund(request) {
      const { ref, refundId, amount, currency } = request;
      if (!isServiceId(ref))
        throw new ProviderError('NOT_FOUND', 'There is no such payment.', false);
      const headers = { 'idempotency-key': refundId };
      const body = { reference: refundId, amount: plain(amount), currency: currency.code };
      const answer = await call({ method: 'POST', url: at(ref, 'refunds'), headers, body });
      return refundOf(request, taken(answer).body);
    },

    async chargeMethod() {
      throw notSupported('A wallet cannot be charged without whoever holds it.');
    },

    readWebhook: (raw) => readWebhook(webhookSecret, raw),
  };
}

function wireOf(request: CheckoutRequest) {
  const { paymentId, amount, currency, description, payer, refundPolicy, returnUrl } = request;
  return {
    reference: paymentId,
    amount: plain(amount),
    currency: currency.code,
    description,
    customer: { id: payer.id, name: payer.name, email: payer.email },
    refundPolicy,
    returnUrl,
    expiresAt: request.expiresAt.toISOString(),
  };
}

function checkoutOf(request: CheckoutRequest, raw: unknown, allowPrivate: boolean): CheckoutMade {
  const { payment, url } = readPaymentRequest(raw);
  if (payment.paymentId !== request.paymentId) throw badAnswer('It is about another payment.');
  if (payment.currency !== request.currency.code) throw badAnswer('It is in another currency.');
  if (!isPage(url, allowPrivate)) throw badAnswer('Its page is at no address for a browser.');
  return { ref: payment.ref, url, instructions: null };
}

function paymentOf(ref: string, raw: unknown): ProviderPayment {
  const { payment } = readPaymentRequest(raw);
  if (payment.ref !== ref) throw badAnswer('It is about another payment.');
  return payment;
}

function refundOf({ refundId }: RefundRequest, raw: unknown): ProviderRefund {
  const refund = readRefund(raw);
  if (refund.refundId !== refundId) throw badAnswer('It is about another refund.');
  return refund;
}

/** Customers are sent there, so it is nothing but a page. */
function isPage(url: string, allowPrivate: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === 'https:' || (allowPrivate && protocol === 'http:');
}

/** An answer that is no refusal. */
function taken(answer: JsonAnswer): JsonAnswer {
  if (answer.status < 400) return answer;
  const code = codeIn(answer.body) ?? `HTTP_${answer.status}`;
  // Another request with the same key is under way: what comes of it is known when it is asked again.
  const isUnderWay = answer.status === 409;
  throw new ProviderError(code, `The service refused it: status ${answer.status}.`, isUnderWay);
}

/**
 * In the service's words, but no more of them: a sentence of its may repeat our key. A word of nothing but letters is
 * no key.
 */
function codeIn(body: unknown): string | null {
  const { error } = (body ?? {}) as { readonly error?: { readonly code?: unknown } };
  const code = error?.code;
  return typeof code === 'string' && /^[a-z]+(?:_[a-z]+){0,7}$/i.test(code) && code.length <= 64
    ? code.toUpperCase()
    : null;
}

function below(base: URL, path: readonly string[]): URL {
  const url = new URL(base);
  const parts = path.map(encodeURIComponent);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...parts].join('/');
  return url;
}
