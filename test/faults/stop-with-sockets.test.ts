import { afterEach, expect, test } from 'vitest';
import { KEY, setUpCalls } from '../support/api.ts';
import { startChildApi } from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

// A deployment: a process with a thousand open sockets is told to go.

const SOCKETS = 1_000;
const AT_ONCE = 50;
const LIMIT_MS = 10_000;
const WATCH = 'subscription ($w: ID!) { balanceChanged(walletId: $w) { version } }';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function openMany(url: string, walletId: string): Promise<WsClient[]> {
  const open = async () => {
    const client = await openWs(`${url.replace('http', 'ws')}/graphql`);
    await client.init(`Bearer ${KEY}`);
    client.subscribe('watch', WATCH, { w: walletId });
    expect((await client.next()).type).toBe('next');
    return client;
  };
  const clients: WsClient[] = [];
  while (clients.length < SOCKETS) {
    clients.push(...(await Promise.all(Array.from({ length: AT_ONCE }, open))));
  }
  return clients;
}

test('SIGTERM sends everybody away with 1012 and ends with 0 in time', {
  timeout: 120_000,
}, async () => {
  const database = await createTestDatabase();
  undo.push(database.drop);
  const api = await startChildApi({ databaseUrl: database.url });
  undo.push(api.stop);
  const { walletId } = await setUpCalls(api.ask, 'acme', '10');
  const clients = await openMany(api.url, walletId);
  const asking = clients.slice(0, AT_ONCE);
  for (const client of asking) client.subscribe('ask', '{ __typename }');

  // Some are answered before, some while it stops, and some come too late.
  const answers = asking.map((client) => client.next().catch(() => null));
  await Promise.race(answers);
  const startMs = performance.now();
  const stopped = api.stop();
  for (const answer of (await Promise.all(answers)).filter((it) => it !== null)) {
    expect(answer).toEqual({ type: 'next', id: 'ask', payload: { data: { __typename: 'Query' } } });
  }
  const closed = await Promise.all(clients.map((client) => client.closed));
  expect(new Set(closed.map(({ code }) => code))).toEqual(new Set([1012]));
  expect(await stopped).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(LIMIT_MS);
});
