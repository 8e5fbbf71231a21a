import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWaitOut } from '../../src/infra/wait-out.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';
import { until } from './harness.ts';
import { openStream } from './http-client.ts';
import { ACME_KEY, startTestServer, type TestServer } from './test-server.ts';

// What is read beside an event is away when the event is executed.

const WATCH = 'subscription { balanceChanged(walletId: "acme-1") { version beside } }';
const whole = (version: number) => ({
  data: { balanceChanged: { version, beside: 'there' } },
});
const UNAVAILABLE = { extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true } };

let server: TestServer;
/** How often it was asked whether the database is back. */
let looks = 0;

async function mustBeBack(): Promise<void> {
  looks += 1;
  if (server.beside.isAway) throw new Error('It is away.');
}

async function start(patienceMs?: number, options: Parameters<typeof startTestServer>[0] = {}) {
  server = await startTestServer({ waitOut: createWaitOut(mustBeBack, patienceMs), ...options });
  server.ledger.commit('acme-1');
}

beforeEach(() => {
  looks = 0;
});
afterEach(() => server.stop());

async function open(): Promise<WsClient> {
  const socket = await openWs(server.wsUrl);
  await socket.init(ACME_KEY);
  return socket;
}

/** Subscribers with the first state behind them. */
async function openWatching(count: number): Promise<WsClient[]> {
  const sockets = await Promise.all(Array.from({ length: count }, open));
  for (const socket of sockets) {
    socket.subscribe('1', WATCH);
    expect((await socket.next()).payload).toEqual(whole(1));
  }
  return sockets;
}

async function untilTried(count: number): Promise<void> {
  const before = server.executed.beside;
  await until(() => server.executed.beside >= before + count);
}

it('it is told once it is whole, and what is made then is made once for all', async () => {
  await start();
  const sockets = await openWatching(20);
  const stream = await openStream(server, WATCH, ACME_KEY);
  expect(await stream.next()).toEqual(whole(1));
  server.beside.isAway = true;
  server.change('acme-1');
  // All have tried, and wait by asking one question at a time.
  await untilTried(21);
  await until(() => looks >= 2);
  const tried = server.executed.beside;
  expect(sockets.map((socket) => socket.waiting())).toEqual(sockets.map(() => 0));
  server.beside.isAway = false;
  for (const socket of sockets) {
    expect(await socket.next()).toEqual({ type: 'next', id: '1', payload: whole(2) });
  }
  expect(await stream.next()).toEqual(whole(2));
  expect(server.executed.beside - tried).toBe(2);
  server.change('acme-1');
  expect((await sockets[0]?.next())?.payload).toEqual(whole(3));
  expect(await stream.next()).toEqual(whole(3));
  stream.abort();
});

it('a socket that waits for it is served otherwise', async () => {
  await start(undefined, { websocketLimits: { maxRunning: 1 } });
  const [socket] = (await openWatching(1)) as [WsClient];
  server.beside.isAway = true;
  server.change('acme-1');
  await until(() => looks > 0);
  socket.subscribe('2', '{ count(n: 7) }');
  expect(await socket.next()).toMatchObject({ id: '2', payload: { data: { count: 7 } } });
  server.beside.isAway = false;
});

it('nothing is executed for those who have left', async () => {
  await start();
  const [one, two] = (await openWatching(2)) as [WsClient, WsClient];
  const stream = await openStream(server, WATCH, ACME_KEY);
  await stream.next();
  server.beside.isAway = true;
  server.change('acme-1');
  await untilTried(3);
  one.send({ type: 'complete', id: '1' });
  two.socket.terminate();
  stream.abort();
  await until(() => server.hub.watched().watchers === 0);
  const tried = server.executed.beside;
  server.beside.isAway = false;
  one.subscribe('2', WATCH);
  expect(await one.next()).toEqual({ type: 'next', id: '2', payload: whole(2) });
  expect(server.executed.beside - tried).toBe(1);
});

it('nothing is left of a subscription whose socket is being closed meanwhile', async () => {
  await start(undefined, { websocketLimits: { maxBeyond: 5 } });
  const [socket] = (await openWatching(1)) as [WsClient];
  server.beside.isAway = true;
  server.change('acme-1');
  await until(() => looks > 0);
  // It is told to go, and does not answer.
  socket.socket.pause();
  for (let sent = 0; sent < 10; sent += 1) socket.socket.ping();
  await until(() => server.hub.watched().watchers === 0);
  server.beside.isAway = false;
});

it('an outage that lasts ends the subscription with an error, and the reader may come again', async () => {
  await start(300);
  const [socket] = (await openWatching(1)) as [WsClient];
  const stream = await openStream(server, WATCH, ACME_KEY);
  await stream.next();
  server.beside.isAway = true;
  server.change('acme-1');
  expect(await socket.next()).toMatchObject({ type: 'error', id: '1', payload: [UNAVAILABLE] });
  const { data, errors } = await stream.next();
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([UNAVAILABLE]);
  expect(await stream.next()).toBeNull();
  await until(() => server.hub.watched().watchers === 0);
  stream.abort();
  server.beside.isAway = false;
  socket.subscribe('1', WATCH);
  expect((await socket.next()).payload).toEqual(whole(2));
});
