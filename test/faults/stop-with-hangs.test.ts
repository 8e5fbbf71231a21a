import { afterEach, beforeEach, expect, test } from 'vitest';
import { setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { holdWallets } from '../support/held-wallets.ts';
import { noAnswer, type Receiver, startReceiver } from '../support/webhook-receiver.ts';

// A deployment while something that a request waits for does not answer.

const LIMIT_MS = 10_000;
const ENDPOINT = `mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) {
  ... on CreateWebhookEndpointPayload { endpoint { id } } } }`;
const PING = `mutation ($endpoint: ID!) { pingWebhookEndpoint(input: { endpoint: $endpoint }) {
  ... on PingWebhookEndpointPayload { delivery { status error } } } }`;
const RECORD = `mutation ($eventId: String!) { recordUsage(
  input: { customer: { externalId: "acme" }, eventId: $eventId, type: "api.call" }
) { __typename } }`;

let database: TestDatabase;
let receiver: Receiver;
let api: ChildApi;

beforeEach(async () => {
  database = await createTestDatabase();
  receiver = await startReceiver(noAnswer);
  const environment = { DRAWDOWN_WEBHOOK_ALLOW_PRIVATE: '1' };
  api = await startChildApi({ databaseUrl: database.url, environment });
});
afterEach(async () => {
  await api.kill9();
  await receiver.close();
  await database.drop();
});

test('a receiver that hangs holds up no stop, neither by a ping nor by a delivery', {
  timeout: 60_000,
}, async () => {
  const { data } = await api.ask(ENDPOINT, { url: receiver.url });
  const endpoint = data.createWebhookEndpoint.endpoint.id;
  // The customer is an event, which is delivered.
  await setUpCalls(api.ask, 'acme', null);
  await receiver.first(1);
  const pinged = api.ask(PING, { endpoint });
  await receiver.first(2);

  const startMs = performance.now();
  const stopped = api.stop();
  expect((await pinged).data.pingWebhookEndpoint).toEqual({
    delivery: { status: 'FAILED', error: 'There was no answer in time.' },
  });
  expect(await stopped).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(LIMIT_MS);
});

test('charges that wait for a wallet are told to come back, and hold up no stop', {
  timeout: 60_000,
}, async () => {
  await setUpCalls(api.ask);
  const held = await holdWallets(database.url);
  try {
    const first = api.ask(RECORD, { eventId: 'first' });
    await held.untilAwaited();
    // It waits for the first, and was read by the process before what is answered behind it.
    const charges = [first, api.ask(RECORD, { eventId: 'second' })];
    await api.ask('{ __typename }');

    const startMs = performance.now();
    const stopped = api.stop();
    for (const { status, errors } of await Promise.all(charges)) {
      expect(status).toBe(503);
      expect(errors).toMatchObject([
        { extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } },
      ]);
    }
    // PostgreSQL lets nobody wait for a lock longer than 10 seconds.
    expect(await stopped).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(2 * LIMIT_MS);
  } finally {
    await held.release();
  }
});
