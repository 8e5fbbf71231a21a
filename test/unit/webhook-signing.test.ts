import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { fromEpochMs } from '../../src/kit/clock.ts';
import {
  generateSecret,
  identifyingHeaders,
  publicKeyOf,
  type SigningSecrets,
  signatureOf,
} from '../../src/webhooks/signing.ts';

const body = '{"type":"balance.changed","data":{"name":"Ümlaut ✓"}}';

function only(secret: string): SigningSecrets {
  return { secret, previousSecret: null, previousSecretUntil: null };
}

/** Whether a `v1a` signature of the content is by the key, as a receiver would find out. */
function verifyEd25519(publicKey: string, signed: string, signature: string): boolean {
  const header = Buffer.from('302a300506032b6570032100', 'hex');
  const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
  const key = createPublicKey({ key: Buffer.concat([header, raw]), format: 'der', type: 'spki' });
  const [version, text = ''] = signature.split(',');
  return version === 'v1a' && verify(null, Buffer.from(signed), key, Buffer.from(text, 'base64'));
}

describe('HMAC', () => {
  test('signs the published example of Standard Webhooks as published', () => {
    const secrets = only('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const content = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: fromEpochMs(1_614_265_330_000),
      body: '{"test": 2432232314}',
    };
    expect(signatureOf(secrets, content)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('what it signs is verified by the library, and nothing else is', () => {
    const secret = generateSecret('HMAC');
    const content = { id: 'evt_1', at: new Date(), body };
    const headers = {
      ...identifyingHeaders(content),
      'webhook-signature': signatureOf(only(secret), content),
    };
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(generateSecret('HMAC')).verify(body, headers)).toThrow();
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'evt_2' })).toThrow();
  });

  test('a secret has as many bytes as the standard wants', () => {
    const secret = generateSecret('HMAC');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
    const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(bytes.length).toBeGreaterThanOrEqual(24);
    expect(bytes.length).toBeLessThanOrEqual(64);
    expect(generateSecret('HMAC')).not.toBe(secret);
    expect(publicKeyOf(secret)).toBeNull();
  });
});

describe('ED25519', () => {
  test('what it signs is verified with the public key alone', () => {
    const secret = generateSecret('ED25519');
    expect(secret).toMatch(/^whsk_/);
    const publicKey = publicKeyOf(secret) ?? '';
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    const at = fromEpochMs(1_674_087_231_999);
    const signature = signatureOf(only(secret), { id: 'evt_1', at, body });
    expect(verifyEd25519(publicKey, `evt_1.1674087231.${body}`, signature)).toBe(true);
    expect(verifyEd25519(publicKey, `evt_1.1674087232.${body}`, signature)).toBe(false);
    const other = publicKeyOf(generateSecret('ED25519')) ?? '';
    expect(verifyEd25519(other, `evt_1.1674087231.${body}`, signature)).toBe(false);
  });

  test('the secret key ends with the public one, as libraries want it', () => {
    const secret = generateSecret('ED25519');
    const bytes = Buffer.from(secret.slice('whsk_'.length), 'base64');
    expect(bytes).toHaveLength(64);
    expect(publicKeyOf(secret)).toBe(`whpk_${bytes.subarray(32).toString('base64')}`);
  });
});

describe('rotation', () => {
  const until = new Date();
  const secrets = {
    secret: generateSecret('HMAC'),
    previousSecret: generateSecret('HMAC'),
    previousSecretUntil: until,
  };
  const sign = (at: Date) => {
    const content = { id: 'evt_1', at, body };
    return { ...identifyingHeaders(content), 'webhook-signature': signatureOf(secrets, content) };
  };

  test('both secrets verify while both count', () => {
    const headers = sign(fromEpochMs(until.getTime() - 1));
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [secrets.secret, secrets.previousSecret]) {
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    }
  });

  test('only the new one verifies from the end of the overlap on', () => {
    const headers = sign(until);
    expect(headers['webhook-signature']).toMatch(/^v1,\S+$/);
    expect(new Webhook(secrets.secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secrets.previousSecret).verify(body, headers)).toThrow();
  });
});
