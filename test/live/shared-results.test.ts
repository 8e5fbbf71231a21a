import { expect, it } from 'vitest';
import type { ServerMessage, WsClient } from '../support/ws-client.ts';
import { eachServer } from './each-server.ts';
import { until } from './harness.ts';
import { openStream } from './http-client.ts';
import { ACME_CUSTOMERS, ACME_KEY, ACME_OTHER_KEY, ACME_WIDE_KEY } from './test-server.ts';

// Subscribers who ask for the same and are shown the same cost one execution an update.

const watch = (fields: string) =>
  `subscription ($w: String!) { balanceChanged(walletId: $w) { version ${fields} } }`;
const PADDED = watch('padding(length: 3)');
const LATER = watch('later');
const SEEN = watch('seenBy padding(length: 1)');
const FAILING = watch('fails');

const { current, openAs, withLimits } = eachServer();

/** As many sockets, each with the first state of `acme-1` behind it. */
async function openWatching(query: string, authorizations: readonly string[]) {
  current().ledger.commit('acme-1');
  const clients = await Promise.all(authorizations.map(openAs));
  for (const [at, client] of clients.entries()) {
    client.subscribe(`of ${at}`, query, { w: 'acme-1' });
    await client.next();
  }
  return clients;
}

const many = (count: number) => Array.from({ length: count }, () => ACME_KEY);
const nextOf = (clients: readonly WsClient[]) =>
  Promise.all(clients.map((client) => client.next()));
const dataOf = ({ payload }: ServerMessage) => payload.data.balanceChanged;

it.each([
  ['at once', PADDED, { version: 2, padding: 'xxx' }],
  ['after a while', LATER, { version: 2, later: 'x' }],
])('a result that is made %s is made once for all', async (_, query, data) => {
  const clients = await openWatching(query, [...many(20), ACME_OTHER_KEY]);
  const before = current().executed.padding;
  current().change('acme-1');
  const frames = await nextOf(clients);
  expect(frames).toEqual(
    clients.map((__, at) => ({
      type: 'next',
      id: `of ${at}`,
      payload: { data: { balanceChanged: data } },
    })),
  );
  expect(current().executed.padding - before).toBe(1);
});

it('the ids of operations are told apart, whatever is in them', async () => {
  const [client] = await openWatching(PADDED, [ACME_KEY]);
  const ids = ['"', '\\', '","type":"complete', '\u2028', 'ü', '{}'];
  for (const id of ids) {
    client?.subscribe(id, PADDED, { w: 'acme-1' });
    expect(await client?.next()).toMatchObject({ type: 'next', id });
  }
});

it('nobody is given what was made for another view, another selection or another wallet', async () => {
  const [customer, neighbour] = ACME_CUSTOMERS;
  const views = [ACME_KEY, ACME_WIDE_KEY, customer, neighbour];
  const clients = await openWatching(SEEN, [...views, ...views]);
  const before = current().executed.padding;
  current().change('acme-1');
  const seen = (await nextOf(clients)).map((frame) => dataOf(frame).seenBy);
  expect(new Set(seen).size).toBe(views.length);
  expect(seen.slice(views.length)).toEqual(seen.slice(0, views.length));
  expect(current().executed.padding - before).toBe(views.length);

  current().ledger.commit('acme-2');
  const [one, two] = clients;
  one?.subscribe('selection', PADDED, { w: 'acme-1' });
  two?.subscribe('wallet', PADDED, { w: 'acme-2' });
  expect(dataOf((await one?.next()) as ServerMessage).padding).toBe('xxx');
  expect(dataOf((await two?.next()) as ServerMessage).version).toBe(1);
});

it('the operation of a document and its variables are part of the question', async () => {
  const document = `
    subscription Short($w: String!) { balanceChanged(walletId: $w) { version padding(length: 1) } }
    subscription Long($w: String!, $length: Int!) { balanceChanged(walletId: $w) { version padding(length: $length) } }`;
  current().ledger.commit('acme-1');
  const asked = [
    { operationName: 'Short', variables: { w: 'acme-1' }, length: 1 },
    { operationName: 'Long', variables: { w: 'acme-1', length: 2 }, length: 2 },
    { operationName: 'Long', variables: { length: 3, w: 'acme-1' }, length: 3 },
    // The same again: the order and what is not declared do not matter.
    { operationName: 'Long', variables: { w: 'acme-1', length: 3, other: [1] }, length: 3 },
  ];
  const clients = await Promise.all(asked.map(() => openAs(ACME_KEY)));
  for (const [at, { operationName, variables }] of asked.entries()) {
    const payload = { query: document, operationName, variables };
    clients[at]?.send({ type: 'subscribe', id: '1', payload });
    await clients[at]?.next();
  }
  const before = current().executed.padding;
  current().change('acme-1');
  const lengths = (await nextOf(clients)).map((frame) => dataOf(frame).padding.length);
  expect(lengths).toEqual(asked.map(({ length }) => length));
  expect(current().executed.padding - before).toBe(3);
});

it("an error is everybody's own, with the id of his request", async () => {
  const clients = await openWatching(FAILING, many(5));
  current().change('acme-1');
  const frames = await nextOf(clients);
  const ids = frames.map(({ payload }) => payload.errors[0].extensions.requestId);
  expect(new Set(ids).size).toBe(clients.length);
  for (const { payload } of frames) {
    expect(payload.errors).toMatchObject([{ message: 'Internal error' }]);
    expect(payload.data.balanceChanged).toEqual({ version: 2, fails: null });
  }
  const before = current().executed.padding;
  current().change('acme-1');
  expect((await nextOf(clients)).map((frame) => dataOf(frame).fails)).toEqual(
    clients.map(() => 'odd'),
  );
  expect(current().executed.padding - before).toBe(1);
});

it('a stream of events says the same as a socket', async () => {
  const fields = 'version available seenBy fails';
  const query = `subscription { balanceChanged(walletId: "acme-1") { ${fields} } }`;
  const [client, other] = await openWatching(query, many(2));
  const stream = await openStream(current(), query, ACME_KEY);
  await stream.next();
  for (let version = 2; version < 6; version += 1) {
    current().change('acme-1');
    const [frame, shared, event] = await Promise.all([
      client?.next(),
      other?.next(),
      stream.next(),
    ]);
    expect(frame?.payload.data).toEqual(event.data);
    expect(shared?.payload.data).toEqual(event.data);
    expect(frame?.payload.errors?.[0].message).toBe(event.errors?.[0].message);
  }
  stream.abort();
});

it('nothing comes for an operation after its complete', async () => {
  const [client, other] = await openWatching(PADDED, many(2));
  client?.send({ type: 'complete', id: 'of 0' });
  await until(() => current().hub.watched().watchers === 1);
  current().change('acme-1');
  await other?.next();
  current().ledger.commit('acme-2');
  client?.subscribe('of 0', PADDED, { w: 'acme-2' });
  expect(dataOf((await client?.next()) as ServerMessage).version).toBe(1);
});

it('one socket with a thousand subscriptions keeps nobody waiting', async () => {
  const SUBSCRIPTIONS = 1_000;
  const [greedy, other] = [await openAs(ACME_KEY), await openAs(ACME_KEY)];
  current().ledger.commit('acme-1');
  for (let id = 0; id < SUBSCRIPTIONS; id += 1) {
    greedy.subscribe(`${id}`, PADDED, { w: 'acme-1' });
    await greedy.next();
  }
  current().change('acme-1');
  other.subscribe('1', '{ count(n: 1) }');
  expect((await other.next()).payload.data.count).toBe(1);
  expect(greedy.waiting()).toBeLessThan(SUBSCRIPTIONS / 2);
  const told = new Set<string | undefined>();
  while (told.size < SUBSCRIPTIONS) told.add((await greedy.next()).id);
});

it('a subscriber that waits for its turn does not keep the others waiting', async () => {
  await withLimits({ websocketLimits: { maxRunning: 1 } });
  const [busy, other] = await openWatching(PADDED, many(2));
  busy?.subscribe('slow', '{ slow }');
  await current().slow.asked;
  current().change('acme-1');
  expect(dataOf((await other?.next()) as ServerMessage).version).toBe(2);
  current().slow.finish();
});
