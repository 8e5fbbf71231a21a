import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Provider, ProviderError } from '../../../src/payments/provider.ts';
import { createCryptoModule } from '../../../src/payments/providers/crypto/crypto-module.ts';
import { type CryptoStandIn, startCryptoStandIn } from '../../support/crypto-stand-in.ts';
import { answer, breakOff, type Fault, noAnswer, stall } from '../../support/faulty-server.ts';
import { checkoutOf, createDeps } from '../provider-deps.ts';

let service: CryptoStandIn;
let provider: Provider;
beforeEach(async () => {
  service = await startCryptoStandIn();
  provider = await open();
});
afterEach(() => service.close());

const WITH_PATIENCE = { timeoutMs: 20_000, retryDelaysMs: [0, 0] };

function open(patience = WITH_PATIENCE, apiKey = service.apiKey): Promise<Provider> {
  const config = { apiBase: `${service.url}/v1`, apiKey, webhookSecret: service.secret };
  return createCryptoModule(patience).open(config, createDeps());
}

/** Why it failed; everything that is known of it as one text. */
async function faultOf(work: Promise<unknown>): Promise<ProviderError & { text: string }> {
  const error = await work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (reason: ProviderError) => reason,
  );
  const text = JSON.stringify([error.message, error.stack, error.code, String(error.cause)]);
  return Object.assign(error, { text });
}

const PASSING: readonly [string, Fault][] = [
  ['500', answer(500)],
  ['503, with a page', answer(503, '<h1>Down</h1>')],
  ['429', answer(429, '{}', { 'retry-after': '0' })],
  ['408', answer(408)],
  ['a connection that breaks', breakOff],
  ['a page in place of JSON', answer(200, '<h1>Hello</h1>')],
];

describe('what passes is asked for again', () => {
  test.each(PASSING)('twice, after %s', async (_name, fault) => {
    service.fail(fault, fault);
    const made = await provider.createCheckout(checkoutOf());
    expect(made.ref).toBe('pr_1');
    expect(service.requests).toHaveLength(3);
  });

  test.each(PASSING)('and no more, after %s', async (_name, fault) => {
    service.fail(fault, fault, fault);
    const error = await faultOf(provider.createCheckout(checkoutOf()));
    expect(error).toMatchObject({ name: 'ProviderError', isRetryable: true });
    expect(service.requests).toHaveLength(3);
    expect(service.counts().requests).toBe(0);
  });

  test.each(PASSING)('and what was done already is not done again, after %s', async (_n, fault) => {
    service.lose(fault, fault);
    const { ref } = await provider.createCheckout(checkoutOf());
    service.pay(ref, '25');
    service.lose(fault, fault);
    const { amount, currency } = checkoutOf();
    await provider.refund({ refundId: 'refund_1', ref, amount, currency });
    expect(service.counts()).toEqual({ requests: 1, refunds: 1 });
  });

  test.each([
    ['never comes', noAnswer],
    ['begins, and does not end', stall],
  ])('so is an answer that %s', async (_name, fault) => {
    const hasty = await open({ timeoutMs: 1_000, retryDelaysMs: [0] });
    service.fail(fault, fault);
    const error = await faultOf(hasty.createCheckout(checkoutOf()));
    expect(error).toMatchObject({ code: 'TIMEOUT', isRetryable: true });
    expect(service.requests).toHaveLength(2);
    expect(await provider.createCheckout(checkoutOf())).toMatchObject({ ref: 'pr_1' });
  });

  test('a service that is away is not reached', async () => {
    const other = await startCryptoStandIn();
    const config = { apiBase: other.url, apiKey: other.apiKey, webhookSecret: other.secret };
    const lost = await createCryptoModule(WITH_PATIENCE).open(config, createDeps());
    await other.close();
    const error = await faultOf(lost.fetchPayment('pr_1'));
    expect(error).toMatchObject({ code: 'UNREACHABLE', isRetryable: true });
  });
});

describe('what does not pass is asked for once', () => {
  test('a key that is not taken, which is not repeated', async () => {
    const apiKey = 'key_of_nobody_5f3a';
    const stranger = await open(WITH_PATIENCE, apiKey);
    const error = await faultOf(stranger.createCheckout(checkoutOf()));
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', isRetryable: false });
    expect(error.text).not.toContain(apiKey);
    expect(service.requests).toHaveLength(1);
  });

  test.each(['key_8b1c5d0f3a7e42d9', 'Bad key key_8b1c5d0f3a7e42d9!'])(
    'a refusal that repeats the key as %j, which we do not',
    async (code) => {
      service.fail(answer(400, JSON.stringify({ error: { code, message: code } })));
      const error = await faultOf(provider.createCheckout(checkoutOf()));
      expect(error).toMatchObject({ code: 'HTTP_400', isRetryable: false });
      expect(error.text).not.toContain(service.apiKey);
    },
  );

  test('a redirect, with which our key would go elsewhere', async () => {
    const other = await startCryptoStandIn();
    service.fail(answer(307, '', { location: `${other.url}/v1/payment-requests` }));
    const error = await faultOf(provider.createCheckout(checkoutOf()));
    expect(error).toMatchObject({ code: 'REDIRECTED', isRetryable: false });
    expect(other.requests).toHaveLength(0);
    await other.close();
  });

  test('an answer that is larger than any should be', async () => {
    service.fail(answer(200, JSON.stringify({ id: 'x'.repeat(300_000) })));
    const error = await faultOf(provider.createCheckout(checkoutOf()));
    expect(error).toMatchObject({ code: 'ANSWER_TOO_LARGE', isRetryable: false });
    expect(service.requests).toHaveLength(1);
  });

  test('another request with the same key under way, which is to be asked for later', async () => {
    service.fail(answer(409, '{"error":{"code":"in_progress"}}'));
    const error = await faultOf(provider.createCheckout(checkoutOf()));
    expect(error).toMatchObject({ code: 'IN_PROGRESS', isRetryable: true });
  });
});

describe('an answer that cannot be right is none', () => {
  const RIGHT = {
    ...{ id: 'pr_1', reference: 'payment_01h455vb4pex5vsknk084sn02q', status: 'pending' },
    ...{ url: 'https://pay.example.com/pr_1', currency: 'USDC', amountPaid: '0' },
  };

  test('and one that has all it needs is one', async () => {
    service.fail(answer(200, JSON.stringify(RIGHT)));
    expect(await provider.createCheckout(checkoutOf())).toMatchObject({ ref: 'pr_1' });
  });

  test.each([
    [{ id: '../admin' }],
    [{ id: 7 }],
    [{ reference: 'payment_of_another' }],
    [{ currency: 'USDT' }],
    [{ url: 'javascript:alert(1)' }],
    [{ url: '/pages/1' }],
    [{ status: 'done' }],
    [{ status: 'toString' }],
    [{ status: 'paid' }],
    [{ amountPaid: 25 }],
    [{ amountPaid: '-1' }],
    [{ amountPaid: '1e3' }],
    [{ refunds: {} }],
    [{ refunds: [{ id: 're_1', amount: '5', status: 'new' }] }],
    [{ payer: 'me' }],
  ])('with %j', async (wrong) => {
    service.fail(answer(200, JSON.stringify({ ...RIGHT, ...wrong })));
    const error = await faultOf(provider.createCheckout(checkoutOf()));
    expect(error).toMatchObject({ code: 'BAD_ANSWER', isRetryable: true });
  });

  test('about another payment than was asked for', async () => {
    service.fail(answer(200, JSON.stringify(RIGHT)));
    expect(await faultOf(provider.fetchPayment('pr_2'))).toMatchObject({ code: 'BAD_ANSWER' });
  });
});

describe('what is not on the public internet', () => {
  test.each([
    'https://127.0.0.1',
    'https://[::1]',
    'https://2130706433',
    'https://10.0.0.7:8443',
    'https://localhost',
  ])('is not called, however it is written: %s', async (origin) => {
    const { port } = new URL(service.url);
    const apiBase = origin.includes(':8443') ? origin : `${origin}:${port}`;
    const config = { apiBase, apiKey: service.apiKey, webhookSecret: service.secret };
    const deps = createDeps({ allowPrivate: false });
    const guarded = await createCryptoModule(WITH_PATIENCE).open(config, deps);
    const error = await faultOf(guarded.fetchPayment('pr_1'));
    expect(error).toMatchObject({ code: 'ADDRESS_REFUSED', isRetryable: false });
    expect(service.requests).toHaveLength(0);
  });
});
