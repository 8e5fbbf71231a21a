import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Receiver, startReceiver, status } from '../support/webhook-receiver.ts';
import { customersIn, openShop, type Shop } from './shop.ts';

// Webhook endpoints as the graph makes and changes them.

let shop: Shop;
let receiver: Receiver;

beforeAll(async () => {
  shop = await openShop({ retryDelaysMs: [20, 20, 20] });
});
afterAll(() => shop.stop());

beforeEach(async () => {
  receiver = await startReceiver();
  // What a test leaves behind gets nothing of the next one.
  await shop.sql('DELETE FROM webhook_endpoints');
  return () => receiver.close();
});

const answer = (mutation: string, input: object) => shop.answer(mutation, input);

const update = (input: object, selection = 'endpoint { id }') =>
  shop.change('updateWebhookEndpoint', input, selection);

describe('creating', () => {
  test('answers the endpoint and, once, its secret', async () => {
    const input = {
      url: `${receiver.url}?a=b#c`,
      types: ['USAGE_REFUSED', 'BALANCE_CHANGED'],
      description: 'CRM',
      idempotencyKey: 'create',
    };
    const selection =
      'secret endpoint { id url types description signing publicKey enabled failedAttempts }';
    const made = await shop.change('createWebhookEndpoint', input, selection);
    expect(made.secret).toMatch(/^whsec_/);
    expect(made.endpoint).toEqual({
      id: expect.stringMatching(/^whep_/),
      url: `${receiver.url}?a=b`,
      types: ['USAGE_REFUSED', 'BALANCE_CHANGED'],
      description: 'CRM',
      signing: 'HMAC',
      publicKey: null,
      enabled: true,
      failedAttempts: 0,
    });
    const again = await shop.change('createWebhookEndpoint', input, selection);
    expect(again).toEqual({ ...made, secret: null });
    const other = await answer('createWebhookEndpoint', { ...input, description: 'ERP' });
    expect(other).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    const { data } = await shop.ask('{ webhookEndpoints { edges { node { id } } } }');
    expect(data.webhookEndpoints.edges).toEqual([{ node: { id: made.endpoint.id } }]);
  });

  test.each([
    [{ url: 'example.com' }, 'url', 'BAD_FORMAT'],
    [{ url: '' }, 'url', 'TOO_SHORT'],
    [{ url: 'ftp://example.com' }, 'url', 'NOT_ALLOWED'],
    [{ url: 'https://a:b@example.com' }, 'url', 'NOT_ALLOWED'],
    [{ url: 'https://example.com', description: '' }, 'description', 'TOO_SHORT'],
    [{ url: 'https://example.com', description: 'a'.repeat(256) }, 'description', 'TOO_LONG'],
    [
      { url: 'https://example.com', types: ['GRANT_CREATED', 'GRANT_CREATED'] },
      'types',
      'NOT_ALLOWED',
    ],
  ])('refuses %j', async (input, path, code) => {
    const refused = await answer('createWebhookEndpoint', input);
    expect(refused).toMatchObject({ __typename: 'ValidationError', issues: [{ path, code }] });
  });

  test('an organization has at most sixteen, also when several are made at once', async () => {
    for (let count = 0; count < 14; count += 1) await shop.endpoint(receiver);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => answer('createWebhookEndpoint', { url: receiver.url })),
    );
    expect(answers.filter(({ code }) => code === 'CONFLICT')).toHaveLength(4);
    const [{ count }] = await shop.sql('SELECT count(*)::int AS count FROM webhook_endpoints');
    expect(count).toBe(16);
  });
});

test('with ED25519 the public key of the endpoint verifies, and nobody is told the other', async () => {
  const selection = 'secret endpoint { id publicKey }';
  const input = { url: receiver.url, types: ['CUSTOMER_CREATED'], signing: 'ED25519' };
  const { secret, endpoint } = await shop.change('createWebhookEndpoint', input, selection);
  expect(secret).toBeNull();
  expect(endpoint.publicKey).toMatch(/^whpk_/);
  await shop.createCustomers('asymmetric');
  const [received] = await receiver.first(1);
  const { headers, body } = received as { headers: Record<string, string>; body: string };
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const [version, signature = ''] = headers['webhook-signature']?.split(',') ?? [];
  expect(version).toBe('v1a');
  const raw = Buffer.from(endpoint.publicKey.slice('whpk_'.length), 'base64');
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  expect(verify(null, Buffer.from(signed), key, Buffer.from(signature, 'base64'))).toBe(true);
});

describe('rotating', () => {
  test('both secrets verify during the overlap', async () => {
    const { id, secret: old } = await shop.endpoint(receiver);
    const { secret } = await shop.change('rotateWebhookSecret', { endpoint: id }, 'secret');
    expect(secret).not.toBe(old);
    await shop.createCustomers('overlap');
    const [received] = await receiver.first(1);
    const { headers, body } = received as { headers: Record<string, string>; body: string };
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    for (const each of [secret, old]) {
      expect(new Webhook(each).verify(body, headers)).toMatchObject({ type: 'customer.created' });
    }
  });

  test('without an overlap only the new one does', async () => {
    const { id, secret: old } = await shop.endpoint(receiver);
    const input = { endpoint: id, overlapSeconds: 0, idempotencyKey: 'rotate' };
    const { secret } = await shop.change('rotateWebhookSecret', input, 'secret');
    const again = await shop.change('rotateWebhookSecret', input, 'secret');
    expect(again.secret).toBeNull();
    await shop.createCustomers('no-overlap');
    const [received] = await receiver.first(1);
    const { headers, body } = received as { headers: Record<string, string>; body: string };
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'customer.created' });
    expect(() => new Webhook(old).verify(body, headers)).toThrow();
  });

  test.each([-1, 604_801])('an overlap of %i seconds is refused', async (overlapSeconds) => {
    const { id } = await shop.endpoint(receiver);
    const refused = await answer('rotateWebhookSecret', { endpoint: id, overlapSeconds });
    expect(refused).toMatchObject({ issues: [{ path: 'overlapSeconds', code: 'OUT_OF_RANGE' }] });
  });
});

describe('updating', () => {
  test('a disabled endpoint goes on where it stopped', async () => {
    const { id } = await shop.endpoint(receiver);
    const selection = 'endpoint { enabled disabledReason disabledAt }';
    const disabled = await update({ endpoint: id, enabled: false }, selection);
    expect(disabled.endpoint).toMatchObject({ enabled: false, disabledReason: 'MERCHANT' });
    await shop.createCustomers('while-disabled');
    await shop.settled();
    const enabled = await update({ endpoint: id, enabled: true }, selection);
    expect(enabled.endpoint).toEqual({ enabled: true, disabledReason: null, disabledAt: null });
    expect(customersIn(await receiver.first(1))).toEqual(['while-disabled']);
  });

  test('or from now on, when it is told so', async () => {
    const { id } = await shop.endpoint(receiver);
    await update({ endpoint: id, enabled: false });
    await shop.createCustomers('not-sent');
    await shop.settled();
    await update({ endpoint: id, enabled: true, resumeFrom: 'NOW' });
    await shop.createCustomers('sent');
    expect(customersIn(await receiver.first(1))).toEqual(['sent']);
    const refused = await answer('updateWebhookEndpoint', { endpoint: id, resumeFrom: 'NOW' });
    expect(refused).toMatchObject({ issues: [{ path: 'resumeFrom' }] });
  });

  test('another URL and other types hold for what is next', async () => {
    const other = await startReceiver();
    const { id } = await shop.endpoint(receiver);
    receiver.respondWith(status(500));
    await shop.createCustomers('moved');
    await receiver.first(1);
    const input = { endpoint: id, url: other.url, types: [], description: null, enabled: true };
    const { endpoint } = await update(input, 'endpoint { url types description }');
    expect(endpoint).toEqual({ url: other.url, types: [], description: null });
    expect(customersIn(await other.first(1))).toEqual(['moved']);
    await other.close();
  });
});

test('a deleted endpoint gets nothing more, and what it was sent can still be read', async () => {
  const { id } = await shop.endpoint(receiver);
  const selection = 'delivery { id }';
  const { delivery } = await shop.change('pingWebhookEndpoint', { endpoint: id }, selection);
  const deleted = await shop.change('deleteWebhookEndpoint', { endpoint: id }, 'endpointId');
  expect(deleted.endpointId).toBe(id);
  expect(await shop.readEndpoint(id, 'id')).toBeNull();
  const query = `query ($id: ID!) { node(id: $id) { ... on WebhookDelivery { kind endpoint { id } } } }`;
  const { data } = await shop.ask(query, { id: delivery.id });
  expect(data.node).toEqual({ kind: 'PING', endpoint: null });
  const again = await answer('deleteWebhookEndpoint', { endpoint: id });
  expect(again).toMatchObject({ code: 'NOT_FOUND' });
});
