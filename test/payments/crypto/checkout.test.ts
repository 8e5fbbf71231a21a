import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exact } from '../../../src/kit/decimal.ts';
import { type Provider, ProviderError } from '../../../src/payments/provider.ts';
import {
  createCryptoModule,
  cryptoModule,
} from '../../../src/payments/providers/crypto/crypto-module.ts';
import { type CryptoStandIn, startCryptoStandIn } from '../../support/crypto-stand-in.ts';
import { checkoutOf, createDeps } from '../provider-deps.ts';

let service: CryptoStandIn;
let provider: Provider;
beforeEach(async () => {
  service = await startCryptoStandIn();
  provider = await open();
});
afterEach(() => service.close());

function open(): Promise<Provider> {
  const { apiKey, secret: webhookSecret } = service;
  const config = { apiBase: `${service.url}/v1/`, apiKey, webhookSecret };
  return createCryptoModule({ timeoutMs: 20_000, retryDelaysMs: [0, 0] }).open(
    config,
    createDeps(),
  );
}

async function checkedOut(): Promise<string> {
  const { ref } = await provider.createCheckout(checkoutOf());
  return ref;
}

describe('a page', () => {
  test('is asked for with what the customer shall see', async () => {
    const made = await provider.createCheckout(checkoutOf());
    expect(made).toEqual({ ref: 'pr_1', url: `${service.url}/pages/pr_1`, instructions: null });
    const [asked] = service.requests;
    expect(asked?.headers['idempotency-key']).toBe('payment_01h455vb4pex5vsknk084sn02q');
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      reference: 'payment_01h455vb4pex5vsknk084sn02q',
      amount: '25',
      currency: 'USDC',
      description: '1,000 credits',
      customer: { id: 'customer_01h455vb4pex5vsknk084sn02q', name: 'Ada', email: null },
      refundPolicy: 'No refunds after 14 days.',
      returnUrl: 'https://shop.example.com/back',
      expiresAt: '2026-03-01T13:00:00.000Z',
    });
  });

  test('is the same when it is asked for again, by another process too', async () => {
    const first = await provider.createCheckout(checkoutOf());
    const again = await Promise.all([open(), open()]);
    const others = await Promise.all(again.map((each) => each.createCheckout(checkoutOf())));
    expect(others).toEqual([first, first]);
    expect(service.counts().requests).toBe(1);
  });

  test('is another for another payment', async () => {
    const first = await provider.createCheckout(checkoutOf());
    const paymentId = 'payment_01h455vb4pex5vsknk084sn02r';
    const second = await provider.createCheckout(checkoutOf({ paymentId }));
    expect(second.ref).not.toBe(first.ref);
  });

  test('is refused in the words of the service, and not asked for again', async () => {
    const currency = { code: 'EUR', minorUnits: 2 };
    const failed = provider.createCheckout(checkoutOf({ currency }));
    await expect(failed).rejects.toMatchObject({ code: 'UNKNOWN_CURRENCY', isRetryable: false });
    expect(service.requests).toHaveLength(1);
  });

  test('is taken away, which nothing that was paid is', async () => {
    const ref = await checkedOut();
    await provider.cancelPayment(ref);
    expect(await provider.fetchPayment(ref)).toMatchObject({ status: 'CANCELED', paid: 0n });
    await provider.cancelPayment(ref);
    const paymentId = 'payment_01h455vb4pex5vsknk084sn02r';
    const other = await provider.createCheckout(checkoutOf({ paymentId }));
    service.pay(other.ref, '25');
    await provider.cancelPayment(other.ref);
    expect(await provider.fetchPayment(other.ref)).toMatchObject({ status: 'SETTLED' });
  });
});

describe('a payment', () => {
  test('goes from open to seen to settled, and tells who paid', async () => {
    const ref = await checkedOut();
    expect(await provider.fetchPayment(ref)).toEqual({
      ref,
      paymentId: 'payment_01h455vb4pex5vsknk084sn02q',
      status: 'PENDING',
      currency: 'USDC',
      paid: 0n,
      tax: 0n,
      refunds: [],
      disputes: [],
      method: null,
      failure: null,
      actionUrl: null,
    });
    service.see(ref);
    expect(await provider.fetchPayment(ref)).toMatchObject({ status: 'AUTHORIZED', paid: 0n });
    service.pay(ref, '25');
    expect(await provider.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      paid: exact('25'),
      method: {
        token: null,
        brand: 'USDC',
        last4: '79C8',
        fingerprint: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      },
    });
  });

  test('of less stays open, and is settled with that when it expires', async () => {
    const ref = await checkedOut();
    service.pay(ref, '24.999999');
    const paid = exact('24.999999');
    expect(await provider.fetchPayment(ref)).toMatchObject({ status: 'PENDING', paid });
    service.expire(ref);
    expect(await provider.fetchPayment(ref)).toMatchObject({ status: 'SETTLED', paid });
  });

  test('of more is settled with all of it', async () => {
    const ref = await checkedOut();
    service.pay(ref, '30.5');
    expect(await provider.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      paid: exact('30.5'),
    });
  });

  test('that nobody makes expires, and counts all the same when it comes late', async () => {
    const ref = await checkedOut();
    service.expire(ref);
    expect(await provider.fetchPayment(ref)).toMatchObject({ status: 'EXPIRED', paid: 0n });
    service.pay(ref, '25');
    expect(await provider.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      paid: exact('25'),
    });
  });

  test('that fails says why', async () => {
    const ref = await checkedOut();
    service.decline(ref, 'sanctioned-address');
    expect(await provider.fetchPayment(ref)).toMatchObject({
      status: 'FAILED',
      failure: { code: 'SANCTIONED_ADDRESS', message: 'It was refused.' },
    });
  });

  test.each(['pr_99', '..', 'a/b', ''])('that there is not is none: %j', async (ref) => {
    expect(await provider.fetchPayment(ref)).toBeNull();
    await provider.cancelPayment(ref);
  });
});

describe('a refund', () => {
  const refund = { refundId: 'refund_1', amount: exact('5'), currency: checkoutOf().currency };

  test('is made once, however often it is asked for, and does not lower what was paid', async () => {
    const ref = await checkedOut();
    service.pay(ref, '25');
    const [first, again] = [
      await provider.refund({ ...refund, ref }),
      await provider.refund({ ...refund, ref }),
    ];
    expect(first).toEqual({
      ref: 're_1',
      refundId: 'refund_1',
      amount: exact('5'),
      status: 'PENDING',
    });
    expect(again).toEqual(first);
    expect(service.counts().refunds).toBe(1);
    expect(await provider.fetchPayment(ref)).toMatchObject({
      status: 'SETTLED',
      paid: exact('25'),
      refunds: [first],
    });
  });

  test('of more than was paid is refused', async () => {
    const ref = await checkedOut();
    await expect(provider.refund({ ...refund, ref })).rejects.toMatchObject({
      code: 'MORE_THAN_PAID',
      isRetryable: false,
    });
  });

  test('that was made at the service is seen', async () => {
    const ref = await checkedOut();
    service.pay(ref, '25');
    service.refundByHand(ref, '7.5');
    expect(await provider.fetchPayment(ref)).toMatchObject({
      refunds: [{ refundId: null, amount: exact('7.5'), status: 'SUCCEEDED' }],
    });
  });
});

test('nothing is charged without whoever holds the wallet', async () => {
  const { paymentId, amount, currency, description, payer } = checkoutOf();
  const charge = { paymentId, amount, currency, description, payer, methodToken: 'x' };
  const failed = provider.chargeMethod(charge);
  await expect(failed).rejects.toBeInstanceOf(ProviderError);
  await expect(failed).rejects.toMatchObject({ code: 'NOT_SUPPORTED', isRetryable: false });
});

describe('the settings', () => {
  const problemOf = (name: string, value: string) =>
    cryptoModule.fields.find((field) => field.name === name)?.problemOf(value);

  test('keep what is secret apart', () => {
    const secrets = cryptoModule.fields.filter(({ isSecret }) => isSecret);
    expect(secrets.map(({ name }) => name)).toEqual(['apiKey', 'webhookSecret']);
  });

  test.each([
    ['apiBase', 'pay.shop.example', /URL/],
    ['apiBase', 'ftp://pay.example.com', /URL/],
    ['apiBase', 'https://me:secret@pay.example.com', /no user/],
    ['apiBase', 'https://pay.example.com/?key=secret', /no user/],
    ['apiKey', 'a b c d e f g', /visible/],
    ['webhookSecret', 'short', /16/],
  ])('%s is not taken as %s', (name, value, problem) => {
    expect(problemOf(name, value)).toMatch(problem);
    expect(problemOf(name, value)).not.toContain(value);
  });

  test.each([
    ['apiBase', 'https://pay.example.com/v1'],
    ['apiKey', 'key_8b1c5d0f'],
    ['webhookSecret', 'whsec_51f6f1a0b9c2'],
  ])('%s is taken as %s', (name, value) => expect(problemOf(name, value)).toBeNull());

  test('lead to an address with TLS', async () => {
    const config = { apiBase: 'http://pay.example.com', apiKey: 'k', webhookSecret: 's' };
    const opened = cryptoModule.open(config, createDeps({ allowPrivate: false }));
    await expect(opened).rejects.toMatchObject({ code: 'BAD_CONFIG', isRetryable: false });
  });
});
