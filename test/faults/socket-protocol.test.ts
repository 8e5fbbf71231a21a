import { afterEach, beforeEach, expect, test } from 'vitest';
import { KEY, setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

// What peers do wrong, to a process of its own with the whole graph; the small graph of test/live knows more ways.

let api: ChildApi;
let walletId: string;
let drop: () => Promise<unknown>;

beforeEach(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  api = await startChildApi({ databaseUrl: database.url, worker: false });
  ({ walletId } = await setUpCalls(api.ask, 'acme', '1000000'));
});
afterEach(async () => {
  await api.stop();
  await drop();
});

const open = () => openWs(`${api.url.replace('http', 'ws')}/graphql`);

async function openAsAcme(): Promise<WsClient> {
  const client = await open();
  expect(await client.init(`Bearer ${KEY}`)).toEqual({ type: 'connection_ack' });
  return client;
}

async function expectOpen(client: WsClient): Promise<void> {
  client.subscribe('still', '{ __typename }');
  expect(await client.next()).toMatchObject({ type: 'next', id: 'still' });
  expect(await client.next()).toEqual({ type: 'complete', id: 'still' });
}

test('a socket that breaks the order of the protocol is closed with its code', async () => {
  const twice = await openAsAcme();
  twice.send({ type: 'connection_init', payload: { authorization: `Bearer ${KEY}` } });
  expect((await twice.closed).code).toBe(4429);

  const early = await open();
  early.subscribe('1', '{ __typename }');
  expect((await early.closed).code).toBe(4401);

  const silent = await open();
  expect((await silent.closed).code).toBe(4408);
});

test('a subscription out of proportion is an error of that operation', async () => {
  const client = await openAsAcme();
  const aliases = Array.from(
    { length: 1_000 },
    (_, index) => `a${index}: balanceChanged(walletId: $w) { version }`,
  );
  client.subscribe('wide', `subscription ($w: ID!) { ${aliases.join(' ')} }`, { w: walletId });
  expect(await client.next()).toMatchObject({
    type: 'error',
    id: 'wide',
    payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
  });
  const deep = `${'wallet { customer { wallets { '.repeat(17)} id ${'} } }'.repeat(17)}`;
  client.subscribe('deep', `subscription ($w: ID!) { balanceChanged(walletId: $w) { ${deep} } }`, {
    w: walletId,
  });
  expect(await client.next()).toMatchObject({
    type: 'error',
    id: 'deep',
    payload: [{ extensions: { code: expect.any(String) } }],
  });
  // The same with the wallet's id written out comes to more than a message may have.
  client.subscribe(
    'long',
    `subscription { ${aliases.join(' ').replaceAll('$w', `"${walletId}"`)} }`,
  );
  expect(await client.next()).toMatchObject({
    type: 'error',
    id: 'long',
    payload: [
      {
        message: 'The message is larger than 65536 bytes.',
        extensions: { code: 'LIMIT_EXCEEDED' },
      },
    ],
  });
  await expectOpen(client);
});

test('a peer that does not read is closed with 1013, and others miss nothing', {
  timeout: 90_000,
}, async () => {
  const watch =
    'subscription { events(types: [USAGE_RECORDED]) { cursor ... on UsageRecordedEvent { usageEvents { eventId properties } } } }';
  const [deaf, other] = [await openAsAcme(), await openAsAcme()];
  for (let id = 0; id < 20; id += 1) deaf.subscribe(`${id}`, watch);
  other.subscribe('log', watch);
  await expectOpen(deaf);
  deaf.socket.pause();
  let sent = 0;
  const record = async () => {
    const events = Array.from({ length: 40 }, () => ({
      customer: { externalId: 'acme' },
      eventId: `event ${sent++}`,
      type: 'api.call',
      properties: { note: 'x'.repeat(2_000) },
    }));
    const { data } = await api.ask(
      'mutation ($input: RecordUsageBatchInput!) { recordUsageBatch(input: $input) { ... on RecordUsageBatchPayload { recorded } } }',
      { input: { events } },
    );
    expect(data.recordUsageBatch.recorded).toBe(40);
  };
  // More than two kernels hold of what twenty subscriptions are told.
  while (sent < 4_000) await record();
  await expect
    .poll(metricsOf, { timeout: 60_000, interval: 500 })
    .toContain('drawdown_websockets_stalled_total 1');
  deaf.socket.resume();
  expect((await deaf.closed).code).toBe(1013);
  const seen: string[] = [];
  while (seen.length < sent) {
    const { payload } = await other.next();
    for (const { eventId } of payload.data.events.usageEvents) seen.push(eventId);
  }
  expect(seen).toEqual(Array.from({ length: sent }, (_, index) => `event ${index}`));
});

async function metricsOf(): Promise<string> {
  return (await fetch(`${api.url}/metrics`)).text();
}
