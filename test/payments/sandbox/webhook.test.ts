import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RawWebhook } from '../../../src/payments/provider.ts';
import { sandboxModule } from '../../../src/payments/providers/sandbox/sandbox-module.ts';
import { openSandbox, START } from '../../support/sandbox.ts';

const { sandbox } = await openSandbox();
const REF = `sbx_${'r'.repeat(32)}`;
const written = sandbox.writeWebhook('evt_1', 'payment.settled', REF, START);

function received(changes: Partial<RawWebhook>): RawWebhook {
  return { ...written, ...changes };
}

function after(ms: number): Date {
  return new Date(START.getTime() + ms);
}

/** Signed with the right secret, whatever it is. */
function signed(text: string): RawWebhook {
  const seconds = START.getTime() / 1000;
  const hmac = createHmac('sha256', 'a secret of the tests').update(`${seconds}.${text}`);
  const header = `t=${seconds},v1=${hmac.digest('hex')}`;
  return received({ headers: { 'sandbox-signature': header }, body: Buffer.from(text) });
}

describe('a webhook', () => {
  test('is read as it was written', () => {
    expect(sandbox.readWebhook(written)).toEqual({
      eventId: 'evt_1',
      type: 'payment.settled',
      ref: REF,
      paymentId: null,
    });
    expect(JSON.parse(written.body.toString())).toEqual({
      id: 'evt_1',
      type: 'payment.settled',
      created: START.toISOString(),
      data: { ref: REF },
    });
  });

  test('that names the payment says so', () => {
    const text = JSON.stringify({
      id: 'evt_1',
      type: 'payment.settled',
      created: START.toISOString(),
      data: { ref: null, paymentId: 'payment_1' },
    });
    expect(sandbox.readWebhook(signed(text))).toMatchObject({ ref: null, paymentId: 'payment_1' });
  });

  test.each([
    [-300_000, true],
    [-301_000, false],
    [300_000, true],
    [300_001, false],
    [301_000, false],
  ])('that comes %i ms after it was signed: taken %s', (ms, isTaken) => {
    const notice = sandbox.readWebhook(received({ receivedAt: after(ms) }));
    expect(notice === 'TOO_OLD').toBe(!isTaken);
  });

  test.each([
    ['none', {}, 'NO_SIGNATURE'],
    ['an empty one', { 'sandbox-signature': '' }, 'NO_SIGNATURE'],
    ['one without a time', { 'sandbox-signature': 'v1=00' }, 'NO_SIGNATURE'],
    ['one without a signature', { 'sandbox-signature': 't=1772366400' }, 'NO_SIGNATURE'],
    ['one of no digits', { 'sandbox-signature': 't=1772366400,v1=' }, 'BAD_SIGNATURE'],
    ['a short one', { 'sandbox-signature': 't=1772366400,v1=00ff' }, 'BAD_SIGNATURE'],
    [
      'that of another',
      { 'sandbox-signature': `t=1772366400,v1=${'0'.repeat(64)}` },
      'BAD_SIGNATURE',
    ],
    [
      'its own with another time',
      {
        'sandbox-signature': written.headers['sandbox-signature']?.replace(/t=\d+/, 't=1772366401'),
      },
      'BAD_SIGNATURE',
    ],
  ])('with %s in the header is not taken', (_, headers, fault) => {
    expect(sandbox.readWebhook(received({ headers }))).toBe(fault);
  });

  test('is taken when one of several signatures is right, as while a secret is changed', () => {
    const header = written.headers['sandbox-signature']?.replace('v1=', `v1=${'0'.repeat(64)},v1=`);
    const headers = { 'sandbox-signature': header };
    expect(sandbox.readWebhook(received({ headers }))).toMatchObject({ eventId: 'evt_1' });
  });

  test('whose body was changed by one byte after signing is not taken', () => {
    for (const place of [0, 20, written.body.length - 1]) {
      const body = Buffer.from(written.body);
      body[place] = (body[place] ?? 0) ^ 1;
      expect(sandbox.readWebhook(received({ body }))).toBe('BAD_SIGNATURE');
    }
  });

  test('that another secret has signed is not taken', async () => {
    const other = await openSandbox({ webhookSecret: 'the secret of another' });
    expect(other.sandbox.readWebhook(written)).toBe('BAD_SIGNATURE');
  });

  test.each(['', 'null', '[]', '{', '{"id":"evt_1"}', '{"id":1,"type":"a","data":{"ref":null}}'])(
    'that is signed and says %j is malformed',
    (text) => {
      expect(sandbox.readWebhook(signed(text))).toBe('MALFORMED');
    },
  );
});

describe('what an organization says to use it', () => {
  test.each([
    ['webhookSecret', 'short', false],
    ['webhookSecret', 'whsec_0123456789abcdef', true],
    ['delayMs', '0', true],
    ['delayMs', '600000', true],
    ['delayMs', '600001', false],
    ['delayMs', '-1', false],
    ['delayMs', '1.5', false],
    ['delayMs', 'soon', false],
  ])('%s %j: will do %s', (name, value, isRight) => {
    const field = sandboxModule.fields.find((one) => one.name === name);
    expect(field?.problemOf(value) === null).toBe(isRight);
  });
});
