import { setInterval } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KEY, setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { insist } from '../support/insist.ts';
import { settledLog } from '../support/settled-log.ts';
import { openTunnel } from '../support/tunnel.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';

// A subscriber whose network is gone for a while, as that of a phone in a tunnel, while money is moved.

const OFFLINE_MS = 30_000;
const BETWEEN_CHANGES_MS = 100;
const BALANCE = `subscription ($id: ID!, $since: SafeInt) {
  balanceChanged(walletId: $id, sinceVersion: $since) { version balance { settled available } }
}`;
const EVENTS = 'subscription ($after: String) { events(after: $after) { id cursor sequence } }';

interface Balance {
  readonly version: number;
  readonly balance: { readonly settled: string; readonly available: string };
}

interface Event {
  readonly id: string;
  readonly cursor: string;
  readonly sequence: number | null;
}

let api: ChildApi;
let databaseUrl: string;
let walletId: string;
let start: string;
let changes: number;
const undo: (() => unknown)[] = [];

beforeEach(async () => {
  const database = await createTestDatabase();
  undo.push(database.drop);
  databaseUrl = database.url;
  api = await startChildApi({ databaseUrl });
  undo.push(api.stop);
  start = (await api.ask('{ eventCursor }')).data.eventCursor;
  ({ walletId } = await setUpCalls(api.ask, 'acme', '1000000'));
  changes = 0;
});
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A charge, and every other time a grant. */
async function change(): Promise<void> {
  changes += 1;
  if (changes % 2 === 0) await insist.grant(api, '0.5', `grant ${changes}`);
  else await insist.record(api, `charge ${changes}`);
}

/** How many sockets the server believes in. */
async function openSockets(): Promise<number> {
  const metrics = await (await fetch(`${api.url}/metrics`)).text();
  return Number(/^drawdown_websockets (\d+)$/m.exec(metrics)?.[1]);
}

/** The wallet as the query has it. */
async function readBalance(): Promise<Balance> {
  const { data } = await api.ask(
    'query ($id: ID!) { wallet(id: $id) { version balance { settled available } } }',
    { id: walletId },
  );
  return data.wallet;
}

/** All that has happened, as the query has it. */
async function readLog(): Promise<Event[]> {
  await settledLog(databaseUrl);
  const events: Event[] = [];
  for (let hasMore = true; hasMore; ) {
    const { data } = await api.ask(
      `query ($after: String) { events(first: 100, after: $after) {
        edges { node { id cursor sequence } } pageInfo { hasNextPage }
      } }`,
      { after: events.at(-1)?.cursor ?? start },
    );
    events.push(...data.events.edges.map(({ node }: { node: Event }) => node));
    hasMore = data.events.pageInfo.hasNextPage;
  }
  return events;
}

/** Watches the wallet and the log, on each of its sockets from where the one before has ended. */
function createSubscriber() {
  const balances: Balance[] = [];
  const events: Event[] = [];
  let socket: WsClient;

  async function hear(): Promise<void> {
    const message = await socket.next();
    expect(message).toMatchObject({ type: 'next', payload: { data: expect.anything() } });
    const { balanceChanged, events: event } = message.payload.data;
    if (balanceChanged) balances.push(balanceChanged);
    else events.push(event);
  }

  return {
    balances,
    events,
    async connect(url: string): Promise<WsClient> {
      socket = await openWs(`${url.replace('http', 'ws')}/graphql`);
      undo.push(() => socket.socket.terminate());
      await socket.init(`Bearer ${KEY}`);
      socket.subscribe('balance', BALANCE, { id: walletId, since: balances.at(-1)?.version });
      socket.subscribe('log', EVENTS, { after: events.at(-1)?.cursor ?? start });
      return socket;
    },
    /** Reads on until it has been told of the latest, which nobody changes meanwhile. */
    async catchUp(): Promise<void> {
      const { version } = await readBalance();
      await settledLog(databaseUrl);
      const { data } = await api.ask('{ events(last: 1) { edges { node { id } } } }');
      const [{ node: latest }] = data.events.edges;
      while (balances.at(-1)?.version !== version || events.at(-1)?.id !== latest.id) await hear();
    },
  };
}

type Subscriber = ReturnType<typeof createSubscriber>;

/** One that watches from elsewhere, and one whose way leads through a tunnel. Both know of all there is. */
async function openTwo() {
  const tunnel = await openTunnel(api.url);
  undo.push(tunnel.close);
  const [witness, phone] = [createSubscriber(), createSubscriber()];
  const witnessSocket = await witness.connect(api.url);
  const phoneSocket = await phone.connect(tunnel.url);
  await change();
  await Promise.all([witness.catchUp(), phone.catchUp()]);
  expect(await openSockets()).toBe(2);
  return { witness, phone, tunnel, witnessSocket, phoneSocket };
}

async function expectNothingMissed({ balances, events }: Subscriber): Promise<void> {
  expect(events).toEqual(await readLog());
  const versions = balances.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
  expect(balances.at(-1)).toEqual(await readBalance());
}

test('a subscriber that was offline for 30 seconds misses nothing, and no other one notices', {
  timeout: 180_000,
}, async () => {
  const { witness, phone, tunnel, witnessSocket, phoneSocket } = await openTwo();
  tunnel.enter();
  const enteredAt = performance.now();
  for await (const _ of setInterval(BETWEEN_CHANGES_MS)) {
    // The last change is one that the server had nobody in the tunnel to send to.
    const isGivenUp = performance.now() - enteredAt > OFFLINE_MS && (await openSockets()) === 1;
    await change();
    await witness.catchUp();
    if (isGivenUp) break;
  }
  // It was sent what came before the server gave up, and has had none of it, nor an end.
  const missed = witness.events.slice(phone.events.length);
  expect(tunnel.lost()).toContain(missed[0]?.id);
  expect(tunnel.lost()).not.toContain(missed.at(-1)?.id);
  expect(phoneSocket.waiting()).toBe(0);
  expect(phoneSocket.socket.readyState).toBe(phoneSocket.socket.OPEN);

  tunnel.leave();
  const balancesBefore = phone.balances.length;
  const resumed = await phone.connect(tunnel.url);
  await phone.catchUp();
  expect(phone.balances.slice(balancesBefore)).toEqual([await readBalance()]);
  await expectNothingMissed(phone);

  // Whoever has missed nothing is told nothing again.
  await resumed.close();
  await phone.connect(tunnel.url);
  await change();
  await phone.catchUp();
  await expectNothingMissed(phone);
  await witness.catchUp();
  await expectNothingMissed(witness);
  expect(witnessSocket.socket.readyState).toBe(witnessSocket.socket.OPEN);
  await expect.poll(openSockets).toBe(2);
});

test('what was sent to a socket that the server still believes in is told to the one after it', async () => {
  const { witness, phone, tunnel } = await openTwo();
  tunnel.enter();
  while (changes < 10) await change();
  await witness.catchUp();
  const latest = witness.events.at(-1)?.id ?? '';
  await expect.poll(tunnel.lost).toContain(latest);
  expect(await openSockets()).toBe(2);

  tunnel.leave();
  const changing = Promise.all(Array.from({ length: 20 }, change));
  await phone.connect(tunnel.url);
  expect(await openSockets()).toBe(3);
  await changing;
  await Promise.all([phone.catchUp(), witness.catchUp()]);
  await expectNothingMissed(phone);
  await expectNothingMissed(witness);
});
