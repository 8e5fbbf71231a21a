import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb } from '../../src/infra/db.ts';
import { createLog } from '../../src/infra/log.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import type { Endpoint } from '../../src/webhooks/endpoint.ts';
import { findEndpoint } from '../../src/webhooks/find-endpoint.ts';
import { passForgotten } from '../../src/webhooks/pass-forgotten.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { customersIn, openShop, type Shop, until } from './shop.ts';

// Endpoints whose events were forgotten before they were sent.

let shop: Shop;
let receiver: Receiver;

beforeEach(async () => {
  shop = await openShop();
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver.close();
  await shop.stop();
});

/** Of what was delivered, oldest first. */
async function positionsOf(endpointId: string): Promise<number[]> {
  const selection = 'deliveries { edges { node { position } } }';
  const { deliveries } = await shop.readEndpoint(endpointId, selection);
  return deliveries.edges
    .map(({ node }: { node: { position: number } }) => node.position)
    .reverse();
}

/** As if the log up to the last event of these customers had been forgotten. */
async function forgetUpTo(...externalIds: string[]): Promise<number> {
  const [{ position }] = await shop.sql(
    `SELECT max(r.position)::int AS position FROM event_runs r
      JOIN customers c ON c.id = r.customer_id WHERE c.external_id = ANY ($1)`,
    [externalIds],
  );
  await shop.sql('DELETE FROM event_runs WHERE position <= $1', [position]);
  await shop.sql('UPDATE event_logs SET forgotten_position = $1', [position]);
  return position;
}

test('events that were forgotten before they were sent are told of, and it goes on behind them', async () => {
  const { id } = await shop.endpoint(receiver, {
    types: ['CUSTOMER_CREATED', 'WEBHOOK_EVENTS_LOST'],
  });
  await shop.change('updateWebhookEndpoint', { endpoint: id, enabled: false }, 'endpoint { id }');
  await shop.createCustomers('a', 'b', 'c');
  await shop.settled();
  await forgetUpTo('a', 'b');
  await shop.change('updateWebhookEndpoint', { endpoint: id, enabled: true }, 'endpoint { id }');
  const received = await receiver.first(2);
  expect(customersIn(received)).toEqual(['c', null]);
  expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({
    type: 'webhook.events_lost',
    data: { endpointId: id, count: 2 },
  });
});

test('a replay goes on behind what was forgotten, and nothing is told to be lost', async () => {
  const types = ['CUSTOMER_CREATED', 'WEBHOOK_EVENTS_LOST'];
  const { id } = await shop.endpoint(receiver, { types });
  await shop.createCustomers('a', 'b', 'c');
  const [first] = await until(
    () => positionsOf(id),
    (all) => all.length === 3,
  );
  await shop.change('updateWebhookEndpoint', { endpoint: id, enabled: false }, 'endpoint { id }');
  const range = { endpoint: id, fromPosition: first };
  await shop.change('replayWebhookEvents', range, 'fromPosition');
  await forgetUpTo('a', 'b');
  await shop.change('updateWebhookEndpoint', { endpoint: id, enabled: true }, 'endpoint { id }');
  await receiver.first(4);
  await shop.createCustomers('d');
  expect(customersIn(await receiver.first(5))).toEqual(['a', 'b', 'c', 'c', 'd']);
});

test('whoever finds that another has passed what was forgotten says nothing', async () => {
  const { id } = await shop.endpoint(receiver);
  await shop.createCustomers('a');
  await until(
    () => positionsOf(id),
    (all) => all.length === 1,
  );
  const forgotten = await forgetUpTo('a');
  const db = createDb({ url: shop.databaseUrl, poolSize: 1, onIdleError: () => undefined });
  const endpoint = await findEndpoint(db.direct, fromTypeId('webhookEndpoint', id) ?? '');
  const said: string[] = [];
  const log = createLog({ level: 'warn', destination: { write: (line) => said.push(line) } });
  const deps = { db, clock: systemClock, log, wake: () => said.push('wake') };
  const track = { kind: 'EVENT', after: forgotten - 1, until: Number.POSITIVE_INFINITY } as const;
  expect(await passForgotten(deps, endpoint as Endpoint, track)).toBe(true);
  await db.close();
  expect(said).toEqual([]);
});
