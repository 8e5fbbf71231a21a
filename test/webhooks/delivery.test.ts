import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReleaseDeadJobs } from '../../src/infra/job-liveness.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { noAnswer, type Receiver, startReceiver, status } from '../support/webhook-receiver.ts';
import { customersIn, openShop, type Shop, until } from './shop.ts';

// What happens is delivered, in order, whatever receivers do.

const RETRIES = { retryDelaysMs: [20, 20, 20] };

let shop: Shop;
let receiver: Receiver;

beforeEach(async () => {
  shop = await openShop(RETRIES);
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  await shop.stop();
});

const DELIVERIES = `deliveries(last: 100) { edges { node { kind status attempt eventId eventType
  responseStatus responseBody error latencyMs position requestHeaders requestBody } } }`;

async function deliveriesOf(endpointId: string) {
  const { deliveries } = await shop.readEndpoint(endpointId, DELIVERIES);
  return deliveries.edges.map(({ node }: { node: object }) => node).reverse();
}

test('an event is sent as Standard Webhooks 1.0.0 says, and the library verifies it', async () => {
  const { secret } = await shop.endpoint(receiver);
  await shop.createCustomers('first');
  const [received] = await receiver.first(1);
  const { headers, body } = received as { headers: Record<string, string>; body: string };
  const payload = new Webhook(secret).verify(body, headers) as Record<string, unknown>;
  expect(payload).toEqual({
    id: headers['webhook-id'],
    type: 'customer.created',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    data: {
      customerId: expect.stringMatching(/^customer_/),
      customerExternalId: 'first',
      sequence: 1,
    },
  });
  expect(headers).toMatchObject({
    'webhook-id': expect.stringMatching(/^evt_[0-9a-z]{26}$/),
    'content-type': 'application/json',
    'user-agent': 'Drawdown-Webhooks/1',
  });
  expect(JSON.stringify(payload)).toBe(body);
});

test('an endpoint gets the types that it wants, from its creation on, in the order of the log', async () => {
  await shop.createCustomers('before');
  await shop.settled();
  await shop.endpoint(receiver, { types: ['CUSTOMER_CREATED', 'GRANT_CREATED'] });
  await shop.createCustomers('a', 'b');
  const grant = { customer: { externalId: 'a' }, asset: 'USD', amount: '5' };
  await shop.change('grantCredit', grant, 'grant { id }');
  await shop.createCustomers('c');
  const received = await receiver.first(4);
  expect(customersIn(received)).toEqual(['a', 'b', 'a', 'c']);
  expect(received.map(({ body }) => JSON.parse(body).type)).toEqual([
    'customer.created',
    'customer.created',
    'grant.created',
    'customer.created',
  ]);
});

test('an endpoint that names no types gets everything', async () => {
  await shop.endpoint(receiver, { types: [] });
  const usage = { customer: { externalId: 'acme' }, eventId: 'e', type: 'api.call' };
  const { data } = await shop.ask(
    'mutation ($input: UsageEventInput!) { recordUsage(input: $input) { __typename } }',
    { input: usage },
  );
  expect(data.recordUsage.__typename).toBe('UsageRecorded');
  const received = await receiver.first(2);
  const types = received.map(({ body }) => JSON.parse(body).type);
  expect(types.sort()).toEqual(['balance.changed', 'usage.recorded']);
});

test('what fails is tried again with the same id, and nothing overtakes it', async () => {
  const { id } = await shop.endpoint(receiver);
  let failures = 3;
  receiver.respondWith(({ body }, response) => {
    const fails = body.includes('"b"') && failures > 0;
    if (fails) failures -= 1;
    response.writeHead(fails ? 500 : 200).end(fails ? 'no' : 'yes');
  });
  await shop.createCustomers('a', 'b', 'c');
  const received = await receiver.first(6);
  expect(customersIn(received)).toEqual(['a', 'b', 'b', 'b', 'b', 'c']);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  const deliveries = await until(
    () => deliveriesOf(id),
    (all) => all.length === 6,
  );
  expect(deliveries.map((each: { attempt: number }) => each.attempt)).toEqual([1, 1, 2, 3, 4, 1]);
  expect(deliveries[1]).toMatchObject({
    kind: 'EVENT',
    status: 'FAILED',
    eventType: 'customer.created',
    responseStatus: 500,
    responseBody: 'no',
    error: 'The receiver answered with status 500.',
    requestBody: received[1]?.body,
    requestHeaders: {
      'content-type': 'application/json',
      'user-agent': 'Drawdown-Webhooks/1',
      'webhook-id': received[1]?.headers['webhook-id'],
      'webhook-timestamp': received[1]?.headers['webhook-timestamp'],
    },
  });
  expect(deliveries[4]).toMatchObject({ status: 'SUCCEEDED', responseStatus: 200, error: null });
  expect(deliveries[4].latencyMs).toBeGreaterThanOrEqual(0);
  const state = await shop.readEndpoint(id, 'failedAttempts nextAttemptAt enabled');
  expect(state).toEqual({ failedAttempts: 0, nextAttemptAt: null, enabled: true });
});

test('after the last attempt the endpoint is disabled, which is an event, and nothing is skipped', async () => {
  const watcher = await startReceiver();
  await shop.endpoint(watcher, { types: ['WEBHOOK_DISABLED'] });
  const { id } = await shop.endpoint(receiver);
  receiver.respondWith(status(503));
  await shop.createCustomers('a', 'b');
  const [told] = await watcher.first(1);
  expect(JSON.parse(told?.body ?? '')).toMatchObject({
    type: 'webhook.disabled',
    data: { customerId: null, customerExternalId: null, endpointId: id, reason: 'FAILING' },
  });
  expect(customersIn(receiver.received)).toEqual(['a', 'a', 'a', 'a']);
  const state = 'enabled disabledReason failedAttempts nextAttemptAt';
  expect(await shop.readEndpoint(id, state)).toEqual({
    enabled: false,
    disabledReason: 'FAILING',
    failedAttempts: 4,
    nextAttemptAt: null,
  });
  receiver.respondWith(status(200));
  await shop.change('updateWebhookEndpoint', { endpoint: id, enabled: true }, 'endpoint { id }');
  expect(customersIn(await receiver.first(6)).slice(4)).toEqual(['a', 'b']);
  await watcher.close();
});

test('410 disables at once', async () => {
  const watcher = await startReceiver();
  await shop.endpoint(watcher, { types: ['WEBHOOK_DISABLED'] });
  const { id } = await shop.endpoint(receiver);
  receiver.respondWith(status(410));
  await shop.createCustomers('a', 'b');
  const [told] = await watcher.first(1);
  expect(JSON.parse(told?.body ?? '').data).toMatchObject({ endpointId: id, reason: 'GONE' });
  expect(await shop.readEndpoint(id, 'enabled disabledReason')).toEqual({
    enabled: false,
    disabledReason: 'GONE',
  });
  expect(receiver.received).toHaveLength(1);
  await watcher.close();
});

test.each([429, 502, 504])(
  'a receiver that answers %i is left alone for as long as it asks',
  async (code) => {
    await shop.endpoint(receiver);
    receiver.respondWith((_received, response) => {
      receiver.respondWith(status(200));
      response.writeHead(code, { 'retry-after': '1' }).end();
    });
    await shop.createCustomers('a');
    const [first, second] = await receiver.first(2);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000);
  },
);

test('a redirect is a failure and is not followed', async () => {
  const other = await startReceiver();
  const { id } = await shop.endpoint(receiver);
  receiver.respondWith(status(308, { location: other.url }));
  await shop.createCustomers('a');
  await receiver.first(2);
  expect(other.received).toHaveLength(0);
  const [delivery] = await deliveriesOf(id);
  expect(delivery).toMatchObject({ status: 'FAILED', responseStatus: 308 });
  expect(delivery.error).toContain('Redirects are not followed');
  await other.close();
});

test('an endpoint that hangs does not delay another', async () => {
  const hanging = await startReceiver(noAnswer);
  await shop.endpoint(hanging);
  await shop.endpoint(receiver);
  await shop.createCustomers('a');
  await hanging.first(1);
  await shop.createCustomers('b', 'c');
  expect(customersIn(await receiver.first(3))).toEqual(['a', 'b', 'c']);
  expect(hanging.received).toHaveLength(1);
  await hanging.close();
});

describe('at least once', () => {
  test('what was answered but not written down is sent again with the same id', async () => {
    await shop.endpoint(receiver);
    // The database refuses to keep the first delivery: the process dies between the answer and the commit.
    await shop.sql(`CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('failures') > 1 THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'not kept';
      END $$`);
    await shop.sql('CREATE SEQUENCE failures');
    await shop.sql(`CREATE TRIGGER fail_once BEFORE INSERT ON webhook_deliveries
      FOR EACH ROW EXECUTE FUNCTION fail_once()`);
    await shop.createCustomers('a', 'b');
    const received = await receiver.first(3);
    expect(customersIn(received)).toEqual(['a', 'a', 'b']);
    expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id']);
    expect(received[1]?.body).toBe(received[0]?.body);
  });

  test('the job of a worker that died is taken up by another', async () => {
    const { id } = await shop.endpoint(receiver);
    const stored = fromTypeId('webhookEndpoint', id);
    // A job that somebody took a while ago, and of whom nobody has heard since.
    await shop.sql(
      `SELECT graphile_worker.add_job('deliver_webhooks', json_build_object('endpointId', $1::uuid),
        queue_name => 'webhook:' || $1::uuid, run_at => now() + interval '1 day')`,
      [stored],
    );
    const taken = `locked_by = 'dead', locked_at = now() - interval '3 minutes'`;
    await shop.sql(`UPDATE graphile_worker._private_jobs SET ${taken}`);
    await shop.sql(`UPDATE graphile_worker._private_job_queues SET ${taken}`);
    await shop.createCustomers('a');
    await until(
      () => shop.sql('SELECT 1 FROM graphile_worker.jobs WHERE locked_by IS NULL'),
      (waiting) => waiting.length > 0,
    );
    expect(receiver.received).toHaveLength(0);
    // He is noticed at the first look, and has until the second to speak.
    const releaseDeadJobs = createReleaseDeadJobs({
      query: ({ text }, values) => shop.sql(text, [...values]),
    });
    await releaseDeadJobs();
    await releaseDeadJobs();
    expect(customersIn(await receiver.first(1))).toEqual(['a']);
  });

  test('an endpoint whose job was lost is found', async () => {
    const { id } = await shop.endpoint(receiver);
    await shop.change('updateWebhookEndpoint', { endpoint: id, enabled: false }, 'endpoint { id }');
    await shop.createCustomers('a');
    await shop.sql('UPDATE webhook_endpoints SET disabled_at = NULL, disabled_reason = NULL');
    await shop.services.webhooks.sweep();
    expect(customersIn(await receiver.first(1))).toEqual(['a']);
  });
});
