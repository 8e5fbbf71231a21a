import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromEpochMs } from '../../../src/kit/clock.ts';
import type { Provider, RawWebhook } from '../../../src/payments/provider.ts';
import { cryptoModule } from '../../../src/payments/providers/crypto/crypto-module.ts';
import { type CryptoStandIn, sign, startCryptoStandIn } from '../../support/crypto-stand-in.ts';
import { checkoutOf, createDeps, NOW } from '../provider-deps.ts';

let service: CryptoStandIn;
let provider: Provider;
let ref: string;
beforeAll(async () => {
  service = await startCryptoStandIn();
  const { apiKey, secret: webhookSecret } = service;
  const config = { apiBase: `${service.url}/v1`, apiKey, webhookSecret };
  provider = await cryptoModule.open(config, createDeps());
  ({ ref } = await provider.createCheckout(checkoutOf()));
});
afterAll(() => service.close());

const secondsOff = (seconds: number) => fromEpochMs(NOW.getTime() + seconds * 1000);

function signed(body: string, secret = service.secret): RawWebhook {
  const headers = { 'x-signature': sign(secret, NOW, body) };
  return { headers, body: Buffer.from(body), receivedAt: NOW };
}

test('a webhook says what to look at', () => {
  expect(provider.readWebhook(service.webhook(ref, NOW))).toEqual({
    eventId: expect.stringMatching(/^evt_\d+$/),
    type: 'payment_request.paid',
    ref,
    paymentId: 'payment_01h455vb4pex5vsknk084sn02q',
  });
});

test('one that is about no payment is taken too', () => {
  expect(provider.readWebhook(signed('{"id":"evt_9","type":"ping"}'))).toEqual({
    eventId: 'evt_9',
    type: 'ping',
    ref: null,
    paymentId: null,
  });
});

describe('the signature', () => {
  test.each([[{}], [{ 'x-signature': '' }], [{ 'x-signature': undefined }]])(
    'is missing: %j',
    (headers) => {
      const raw = { ...service.webhook(ref, NOW), headers };
      expect(provider.readWebhook(raw)).toBe('NO_SIGNATURE');
    },
  );

  test('is one of another body', () => {
    const body = '{"id":"evt_1","type":"payment_request.paid","data":{"id":"pr_2"}}';
    expect(provider.readWebhook(service.webhook(ref, NOW, { body }))).toBe('BAD_SIGNATURE');
  });

  test('is made with another secret', () => {
    const secret = 'whsec_of_somebody_else';
    expect(provider.readWebhook(service.webhook(ref, NOW, { secret }))).toBe('BAD_SIGNATURE');
  });

  test('covers the time', () => {
    const raw = service.webhook(ref, NOW, { signedAt: secondsOff(-3600) });
    const headers = {
      'x-signature': String(raw.headers['x-signature']).replace(
        /^t=\d+/,
        `t=${NOW.getTime() / 1000}`,
      ),
    };
    expect(provider.readWebhook({ ...raw, headers })).toBe('BAD_SIGNATURE');
  });

  const hex = 'ab'.repeat(32);
  test.each([
    'garbage',
    `v1=${hex}`,
    't=1772366400',
    `t=1772366400,v1=${hex.slice(2)}`,
    `t=1772366400,v1=${'zz'.repeat(32)}`,
    `t=-5,v1=${hex}`,
    `t=1772366400,t=1772366400,v1=${hex}`,
    `t=1772366400${`,v1=${hex}`.repeat(6)}`,
  ])('is none: %s', (header) => {
    const raw = { ...service.webhook(ref, NOW), headers: { 'x-signature': header } };
    expect(provider.readWebhook(raw)).toBe('BAD_SIGNATURE');
  });

  test('may be one of two while the secret is replaced', () => {
    const raw = service.webhook(ref, NOW);
    const other = `v1=${'ab'.repeat(32)}`;
    const [time, right] = String(raw.headers['x-signature']).split(',');
    for (const header of [`${time},${other},${right}`, `${time}, ${right}, ${other}`]) {
      const notice = provider.readWebhook({ ...raw, headers: { 'x-signature': header } });
      expect(notice).toMatchObject({ ref });
    }
  });
});

describe('the time', () => {
  test.each([-300, 0, 300])('may be %d seconds away', (seconds) => {
    const raw = service.webhook(ref, NOW, { signedAt: secondsOff(seconds) });
    expect(provider.readWebhook(raw)).toMatchObject({ ref });
  });

  test.each([-301, 301])('may not be %d seconds away', (seconds) => {
    const raw = service.webhook(ref, NOW, { signedAt: secondsOff(seconds) });
    expect(provider.readWebhook(raw)).toBe('TOO_OLD');
  });

  test('is not told to whoever has no signature', () => {
    const secret = 'whsec_of_somebody_else';
    const raw = service.webhook(ref, NOW, { secret, signedAt: secondsOff(-301) });
    expect(provider.readWebhook(raw)).toBe('BAD_SIGNATURE');
  });
});

test.each([
  '',
  'null',
  '[]',
  '"evt_1"',
  '{"id":"evt_1"',
  '{"type":"ping"}',
  '{"id":"evt_1"}',
  '{"id":"../evt","type":"ping"}',
  '{"id":"evt_1","type":7}',
  '{"id":"evt_1","type":"ping","data":"pr_1"}',
  '{"id":"evt_1","type":"ping","data":{"id":"pr/1"}}',
  '{"id":"evt_1","type":"ping","data":{"id":"pr_1","reference":{}}}',
])('what is signed and makes no sense is not taken: %s', (body) => {
  expect(provider.readWebhook(signed(body))).toBe('MALFORMED');
});
