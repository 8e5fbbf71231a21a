import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { passDeadJobs } from '../support/pass-dead-jobs.ts';
import { noAnswer, type Receiver, startReceiver, status } from '../support/webhook-receiver.ts';

// A process is killed between the request to a receiver and the commit that says that it was made.

vi.setConfig({ testTimeout: 90_000 });

let database: TestDatabase;
let receiver: Receiver;
let api: ChildApi;

beforeEach(async () => {
  vi.stubEnv('DRAWDOWN_WEBHOOK_ALLOW_PRIVATE', '1');
  database = await createTestDatabase();
  receiver = await startReceiver(noAnswer);
  api = await startChildApi({ databaseUrl: database.url });
});
afterEach(async () => {
  await api.stop();
  await receiver.close();
  await database.drop();
  vi.unstubAllEnvs();
});

async function ask(document: string, variables: object = {}): Promise<Answer['data']> {
  const { data, errors } = await api.ask(document, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function createCustomer(externalId: string) {
  const input = { externalId };
  await ask(
    'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
    { input },
  );
}

test('the event is sent again with the same id, and what is behind it follows in order', async () => {
  const { createWebhookEndpoint } = await ask(
    `mutation ($url: String!) { createWebhookEndpoint(input: { url: $url, types: [CUSTOMER_CREATED] }) {
      ... on CreateWebhookEndpointPayload { endpoint { id } }
    } }`,
    { url: receiver.url },
  );
  await createCustomer('a');
  await receiver.first(1);
  await createCustomer('b');
  await api.kill9();
  await passDeadJobs(database.url);
  receiver.respondWith(status(204));
  api = await startChildApi({ databaseUrl: database.url });
  await createCustomer('c');

  const received = await receiver.first(4);
  const ids = received.map(({ headers }) => headers['webhook-id']);
  const names = received.map(({ body }) => JSON.parse(body).data.customerExternalId);
  expect(names).toEqual(['a', 'a', 'b', 'c']);
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
  const { id } = createWebhookEndpoint.endpoint;
  const { node } = await ask(
    'query ($id: ID!) { node(id: $id) { ... on WebhookEndpoint { enabled failedAttempts } } }',
    { id },
  );
  expect(node).toEqual({ enabled: true, failedAttempts: 0 });
});
