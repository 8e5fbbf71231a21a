import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { createDb, type Queryable } from '../../src/infra/db.ts';
import { newId } from '../../src/kit/ids.ts';
import { createBodiesLoader, type SentTo } from '../../src/webhooks/loader.ts';
import { createMessages } from '../../src/webhooks/message.ts';
import { type Receiver, startReceiver, status } from '../support/webhook-receiver.ts';
import { customersIn, openShop, type Shop, until } from './shop.ts';

// What is sent because somebody asked for it.

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

describe('a ping', () => {
  const selection = `delivery { kind status attempt eventId eventType position responseStatus responseBody
    error latencyMs requestBody endpoint { id } }`;

  test('is sent at once, signed, and says what came of it', async () => {
    const { id, secret } = await shop.endpoint(receiver);
    receiver.respondWith((_received, response) => response.writeHead(200).end('pong'));
    const { delivery } = await shop.change('pingWebhookEndpoint', { endpoint: id }, selection);
    const [received] = receiver.received;
    const { headers, body } = received as { headers: Record<string, string>; body: string };
    expect(new Webhook(secret).verify(body, headers)).toEqual({
      id: headers['webhook-id'],
      type: 'webhook.ping',
      timestamp: expect.any(String),
      data: { endpointId: id },
    });
    expect(delivery).toEqual({
      kind: 'PING',
      status: 'SUCCEEDED',
      attempt: 1,
      eventId: headers['webhook-id'],
      eventType: 'webhook.ping',
      position: null,
      responseStatus: 200,
      responseBody: 'pong',
      error: null,
      latencyMs: expect.any(Number),
      requestBody: body,
      endpoint: { id },
    });
  });

  test('changes nothing else, also when it fails', async () => {
    const { id } = await shop.endpoint(receiver);
    receiver.respondWith(status(410));
    const { delivery } = await shop.change('pingWebhookEndpoint', { endpoint: id }, selection);
    expect(delivery).toMatchObject({ status: 'FAILED', responseStatus: 410 });
    const state = await shop.readEndpoint(id, 'enabled failedAttempts');
    expect(state).toEqual({ enabled: true, failedAttempts: 0 });
  });
});

test('what was sent with a page of deliveries is read from the log at once', async () => {
  const { id } = await shop.endpoint(receiver);
  await shop.createCustomers('b1', 'b2', 'b3');
  await shop.change('pingWebhookEndpoint', { endpoint: id }, 'delivery { id }');
  const selection = 'deliveries { edges { node { id eventId position requestBody } } }';
  const { deliveries } = await until(
    () => shop.readEndpoint(id, selection),
    (endpoint) => endpoint.deliveries.edges.length === 4,
  );
  const bodies = deliveries.edges.map(
    ({ node }: { node: { requestBody: string } }) => node.requestBody,
  );
  expect([...bodies].sort()).toEqual((await receiver.first(4)).map(({ body }) => body).sort());

  const db = createDb({ url: shop.databaseUrl, poolSize: 1, onIdleError: () => undefined });
  onTestFinished(() => db.close());
  const stored = await db.prisma.webhookDelivery.findMany({ where: { kind: 'EVENT' }, take: 3 });
  let reads = 0;
  const counting: Queryable = {
    query(statement, values) {
      reads += 1;
      return db.direct.query(statement, values);
    },
  };
  const viewer = { organizationId: stored[0]?.organizationId } as Viewer;
  const loader = createBodiesLoader(counting, createMessages(db), viewer);
  const read = await Promise.all(stored.map((delivery) => loader.load(delivery)));
  expect(read.every((body) => typeof body === 'string')).toBe(true);
  expect(reads).toBe(1);
  const stranger = { organizationId: newId('organization') } as Viewer;
  const theirs = createBodiesLoader(db.direct, createMessages(db), stranger);
  expect(await theirs.load(stored[0] as SentTo)).toBeNull();
});

describe('sending again', () => {
  const deliveries = 'deliveries { edges { node { id kind status eventId error } } }';

  async function latestOf(endpointId: string) {
    const { deliveries: page } = await shop.readEndpoint(endpointId, deliveries);
    return page.edges[0]?.node;
  }

  test('one delivery: the same id and body, with a time and a signature of now', async () => {
    const { id, secret } = await shop.endpoint(receiver);
    await shop.createCustomers('again');
    const sent = await until(
      () => latestOf(id),
      (latest) => latest !== undefined,
    );
    const input = { delivery: sent.id, idempotencyKey: 'resend' };
    const selection = 'delivery { id kind status eventId }';
    const { delivery } = await shop.change('resendWebhookDelivery', input, selection);
    expect(delivery).toMatchObject({ kind: 'RESEND', eventId: sent.eventId });
    const [first, second] = await receiver.first(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    new Webhook(secret).verify(second?.body ?? '', second?.headers as Record<string, string>);
    const done = await until(
      () => latestOf(id),
      (latest) => latest.status !== 'PENDING',
    );
    expect(done).toMatchObject({ id: delivery.id, status: 'SUCCEEDED', error: null });
    const repeat = await shop.change('resendWebhookDelivery', input, selection);
    expect(repeat.delivery.id).toBe(delivery.id);
    expect(receiver.received).toHaveLength(2);
  });

  test('a ping, and what was forgotten, cannot be', async () => {
    const { id } = await shop.endpoint(receiver);
    const ping = await shop.change('pingWebhookEndpoint', { endpoint: id }, 'delivery { id }');
    const refused = await answer('resendWebhookDelivery', { delivery: ping.delivery.id });
    expect(refused).toMatchObject({ code: 'CONFLICT' });
    const nowhere = await answer('resendWebhookDelivery', { delivery: 'whdl_nowhere' });
    expect(nowhere).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a part of the log, by position: in order, by type, before what is new', async () => {
    const { id } = await shop.endpoint(receiver);
    await shop.createCustomers('p1', 'p2', 'p3');
    const { deliveries: sent } = await until(
      () => shop.readEndpoint(id, 'deliveries { edges { node { position } } }'),
      (endpoint) => endpoint.deliveries.edges.length === 3,
    );
    const [, { node: second }, { node: first }] = sent.edges;
    const range = { fromPosition: first.position, toPosition: second.position };
    const input = { endpoint: id, ...range };
    const begun = await shop.change('replayWebhookEvents', input, 'fromPosition toPosition');
    expect(begun).toEqual(range);
    await shop.createCustomers('p4');
    const received = await receiver.first(6);
    expect(customersIn(received)).toEqual(['p1', 'p2', 'p3', 'p1', 'p2', 'p4']);
    expect(received[3]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id']);
    const { deliveries: page } = await shop.readEndpoint(id, deliveries);
    const kinds = page.edges.map(({ node }: { node: { kind: string } }) => node.kind).reverse();
    expect(kinds.slice(0, 5)).toEqual(['EVENT', 'EVENT', 'EVENT', 'REPLAY', 'REPLAY']);
  });

  test('a part of the log, by time: with what is within five seconds of it', async () => {
    const { id } = await shop.endpoint(receiver);
    const times = {
      t1: '12:00:54',
      t2: '12:00:56',
      t3: '12:01:00',
      t4: '12:01:04',
      t5: '12:01:06',
    };
    await shop.createCustomers(...Object.keys(times));
    await until(
      () => shop.readEndpoint(id, 'deliveries { edges { node { id } } }'),
      (endpoint) => endpoint.deliveries.edges.length === 5,
    );
    for (const [name, time] of Object.entries(times)) {
      await shop.sql(
        `UPDATE event_runs SET created_at = $2 FROM customers c
          WHERE c.id = event_runs.customer_id AND c.external_id = $1`,
        [name, `2040-01-01T${time}Z`],
      );
    }
    const range = { from: '2040-01-01T12:01:00Z', to: '2040-01-01T12:01:00Z' };
    await shop.change('replayWebhookEvents', { endpoint: id, ...range }, 'fromPosition');
    expect(customersIn(await receiver.first(8)).slice(5)).toEqual(['t2', 't3', 't4']);
    await shop.createCustomers('t6');
    expect(customersIn(await receiver.first(9)).slice(8)).toEqual(['t6']);
  });

  test('a replay waits for the one before it, and needs something to send', async () => {
    const { id } = await shop.endpoint(receiver);
    await shop.change('updateWebhookEndpoint', { endpoint: id, enabled: false }, 'endpoint { id }');
    const replay = (input: object) => answer('replayWebhookEvents', { endpoint: id, ...input });
    const { position } = await shop.readEndpoint(id, 'position');
    const refusedAs = (path: string, code: string) => ({ issues: [{ path, code }] });
    expect(await replay({})).toMatchObject(refusedAs('from', 'REQUIRED'));
    expect(await replay({ fromPosition: 0 })).toMatchObject(
      refusedAs('fromPosition', 'OUT_OF_RANGE'),
    );
    expect(await replay({ fromPosition: position + 1 })).toMatchObject(
      refusedAs('fromPosition', 'OUT_OF_RANGE'),
    );
    expect(await replay({ from: 'yesterday' })).toMatchObject(refusedAs('from', 'NOT_AN_INSTANT'));
    expect(await replay({ from: '2100-01-01T00:00:00Z' })).toMatchObject(
      refusedAs('from', 'OUT_OF_RANGE'),
    );
    const begun = await replay({ from: '2000-01-01T00:00:00Z' });
    expect(begun).toMatchObject({ __typename: 'ReplayWebhookEventsPayload' });
    expect(await replay({ fromPosition: 1 })).toMatchObject({ code: 'CONFLICT' });
  });
});

test('a replay that fails is left behind by going on from now', async () => {
  const patient = await openShop({ retryDelaysMs: [60_000] });
  onTestFinished(() => patient.stop());
  const { id } = await patient.endpoint(receiver);
  await patient.createCustomers('p1', 'p2');
  const { deliveries: sent } = await until(
    () => patient.readEndpoint(id, 'deliveries { edges { node { position } } }'),
    (endpoint) => endpoint.deliveries.edges.length === 2,
  );
  receiver.respondWith(status(500));
  const range = { endpoint: id, fromPosition: sent.edges[1].node.position };
  await patient.change('replayWebhookEvents', range, 'fromPosition');
  await until(
    () => patient.readEndpoint(id, 'failedAttempts'),
    ({ failedAttempts }) => failedAttempts === 1,
  );
  receiver.respondWith(status(204));
  const input = { endpoint: id, enabled: true, resumeFrom: 'NOW' };
  const { endpoint } = await patient.change(
    'updateWebhookEndpoint',
    input,
    'endpoint { replayUntil }',
  );
  expect(endpoint).toEqual({ replayUntil: null });
  await patient.createCustomers('new');
  expect(customersIn(await receiver.first(4))).toEqual(['p1', 'p2', 'p1', 'new']);
});

test('old deliveries are forgotten', async () => {
  const { id } = await shop.endpoint(receiver);
  await shop.change('pingWebhookEndpoint', { endpoint: id }, 'delivery { id }');
  await shop.change('pingWebhookEndpoint', { endpoint: id }, 'delivery { id }');
  const old = `created_at = now() - interval '31 days'`;
  await shop.sql(`UPDATE webhook_deliveries SET ${old} WHERE id = (SELECT min(id::text)::uuid
    FROM webhook_deliveries WHERE kind = 'PING' AND endpoint_id IN (SELECT id FROM webhook_endpoints))`);
  expect(await shop.services.webhooks.forgetDeliveries(30)).toBe(false);
  const { deliveries } = await shop.readEndpoint(id, 'deliveries { edges { node { id } } }');
  expect(deliveries.edges).toHaveLength(1);
});
