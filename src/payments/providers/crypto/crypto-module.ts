import type { ProviderField, ProviderModule } from '../../provider-module.ts';
import { createCallJson, PATIENCE, type Patience } from '../json-api.ts';
import { readProviderUrl, urlProblem } from '../provider-url.ts';
import { createCryptoProvider } from './crypto-provider.ts';

const ANSWER_MAX_BYTES = 256 * 1024;

const FIELDS: readonly ProviderField[] = [
  { name: 'apiBase', isSecret: false, isRequired: true, problemOf: baseProblem },
  { name: 'apiKey', isSecret: true, isRequired: true, problemOf: keyProblem },
  { name: 'webhookSecret', isSecret: true, isRequired: true, problemOf: secretProblem },
];

/**
 * A hosted page where stablecoins are paid, behind an API that any such service can be put behind with a thin bridge.
 * This is all of it. Bodies are JSON, amounts decimal strings, instants RFC 3339; each request has
 * `authorization: Bearer <apiKey>`, and ids are up to 128 letters, digits and `_ . : -` that begin with one of the
 * first two.
 *
 * ## What is asked
 *
 * `POST {apiBase}/payment-requests`, with `idempotency-key: <reference>`: makes a page. Asked again it answers the same.
 *
 *     { "reference": "payment_01h4...", "amount": "25", "currency": "USDC", "description": "1,000 credits",
 *       "customer": { "id": "customer_01h4...", "name": null, "email": null },
 *       "refundPolicy": null, "returnUrl": null, "expiresAt": "2026-01-31T12:00:00.000Z" }
 *
 * `GET {apiBase}/payment-requests/{id}`: what has become of it; 404 when there is none. Both answer a *payment request*:
 *
 *     { "id": "pr_1", "reference": "payment_01h4...", "url": "https://pay.example.com/pr_1", "status": "paid",
 *       "currency": "USDC", "amountPaid": "25",
 *       "payer": { "asset": "USDC", "address": "0x..." } | null,
 *       "failure": { "code": "sanctioned", "message": "..." } | null,
 *       "refunds": [{ "id": "re_1", "reference": "refund_01h4..." | null, "amount": "5", "status": "succeeded" }] }
 *
 * `status` is `pending`, `confirming` (seen on its chain, not yet final), `paid`, `failed`, `canceled` or `expired`;
 * that of a refund `pending`, `succeeded` or `failed`. `amountPaid` is what is final, in `currency`, whatever was asked
 * for: less, or more. Refunds do not lower it. A request that is over with something in it counts as settled with that:
 * money that came late or in part is money. `payer`, `failure` and `refunds` may be left out.
 *
 * `POST {apiBase}/payment-requests/{id}/cancel`: takes the page away; 404 or 409 when there is nothing to take away.
 *
 * `POST {apiBase}/payment-requests/{id}/refunds`, with `idempotency-key: <reference>`: answers the refund, as above.
 *
 *     { "reference": "refund_01h4...", "amount": "5", "currency": "USDC" }
 *
 * A request that is refused answers 4xx with `{ "error": { "code": "unknown_currency" } }`. 408, 425, 429 and 5xx are
 * asked again, twice here and later by whoever wanted it; so all of this may come more than once. Redirects are not followed.
 *
 * ## What is told
 *
 * Webhooks are `POST`ed with `x-signature: t=<seconds since 1970>,v1=<hex>`: the HMAC-SHA256, keyed with the webhook
 * secret as it was configured, of `<t>.<body>`. While a secret is replaced there may be several `v1`. `t` is when it was
 * sent, and taken for 300 seconds, either way. What it is about is asked for, not believed:
 *
 *     { "id": "evt_1", "type": "payment_request.paid", "data": { "id": "pr_1", "reference": "payment_01h4..." } }
 */
export const cryptoModule: ProviderModule = createCryptoModule(PATIENCE);

/** The module with another patience than that of every day: for tests. */
export function createCryptoModule(patience: Patience): ProviderModule {
  return {
    kind: 'CRYPTO',
    fields: FIELDS,
    async open({ apiBase = '', apiKey = '', webhookSecret = '' }, { allowPrivate }) {
      const base = readProviderUrl(apiBase, allowPrivate);
      const call = createCallJson({
        headers: { authorization: `Bearer ${apiKey}` },
        allowPrivate,
        maxBytes: ANSWER_MAX_BYTES,
        patience,
      });
      return createCryptoProvider({ base, call, webhookSecret, allowPrivate });
    },
  };
}

function baseProblem(value: string): string | null {
  const problem = urlProblem(value);
  if (problem !== null) return problem;
  const { username, password, search } = new URL(value);
  if (username === '' && password === '' && search === '') return null;
  return 'Must hold no user, password or query: what is secret belongs in the API key.';
}

/** What a header can carry. */
function keyProblem(value: string): string | null {
  return /^[\x21-\x7e]{8,512}$/.test(value)
    ? null
    : 'Must be 8 to 512 visible characters of ASCII.';
}

function secretProblem(value: string): string | null {
  if (/^[\x21-\x7e]{16,512}$/.test(value)) return null;
  return 'Must be 16 to 512 visible characters of ASCII.';
}
