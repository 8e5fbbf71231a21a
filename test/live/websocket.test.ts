import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openWs, type WsClient, type WsClientOptions } from '../support/ws-client.ts';
import { until } from './harness.ts';
import { ACME_KEY, SHORT_TOKEN, startTestServer, type TestServer } from './test-server.ts';

const WATCH = 'subscription ($w: String!) { balanceChanged(walletId: $w) { walletId version } }';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

const KIB = 1024;

/** An operation whose message is of so many bytes. */
function ofBytes(bytes: number, id = '1', filler = 'x'): string {
  const shell = JSON.stringify({ type: 'subscribe', id, payload: { query: '{ me } #' } });
  const room = bytes - shell.length;
  const size = Buffer.byteLength(filler);
  return shell.replace('#', `#${filler.repeat(room / size)}${'x'.repeat(room % size)}`);
}

const open = (options?: WsClientOptions) => openWs(server.wsUrl, options);

async function openAs(authorization: string): Promise<WsClient> {
  const client = await open();
  expect(await client.init(authorization)).toEqual({ type: 'connection_ack' });
  return client;
}

async function withLimits(limits: Parameters<typeof startTestServer>[0]): Promise<void> {
  await server.stop();
  server = await startTestServer(limits);
}

/** The HTTP status with which an upgrade is refused. */
function refusalOf(url: string, origin?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(
      url,
      'graphql-transport-ws',
      origin === undefined ? {} : { origin },
    );
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    socket.once('open', () => reject(new Error('The upgrade was accepted.')));
    socket.once('error', () => undefined);
  });
}

describe('who may connect', () => {
  it('our own pages, listed pages, and programs', async () => {
    for (const origin of [undefined, server.url, 'https://app.example.com']) {
      const client = await open(origin === undefined ? {} : { origin });
      expect((await client.init(ACME_KEY)).type).toBe('connection_ack');
      await client.close();
    }
  });

  it.each([
    'https://evil.example.com',
    'null',
    'http://127.0.0.1',
    'https://app.example.com.evil.com',
  ])('not a page of the origin %j', async (origin) => {
    expect(await refusalOf(server.wsUrl, origin)).toBe(403);
  });

  it('nobody at another path', async () => {
    expect(await refusalOf(server.wsUrl.replace('/graphql', '/other'))).toBe(404);
  });

  it('nobody without a credential, with a wrong one, or with one that is no text', async () => {
    for (const payload of [undefined, {}, { authorization: 'Bearer nope' }, { authorization: 7 }]) {
      const client = await open();
      client.send({ type: 'connection_init', payload });
      expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' });
    }
  });

  it('and is asked to come again when the credential cannot be checked', async () => {
    const client = await open();
    client.send({ type: 'connection_init', payload: { authorization: 'Bearer outage' } });
    expect((await client.closed).code).toBe(1013);
  });

  it('until the token expires', async () => {
    const client = await openAs(SHORT_TOKEN);
    server.ledger.commit('acme-1');
    client.subscribe('1', WATCH, { w: 'acme-1' });
    expect((await client.next()).payload.data.balanceChanged.version).toBe(1);
    expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' });
    await until(() => server.hub.watched().watchers === 0);
  });
});

describe('the protocol', () => {
  it('closes with 4408 when connection_init does not come', async () => {
    const client = await open();
    expect((await client.closed).code).toBe(4408);
  });

  it('closes with 4429 at a second connection_init', async () => {
    const client = await openAs(ACME_KEY);
    client.send({ type: 'connection_init' });
    expect((await client.closed).code).toBe(4429);
  });

  it('closes with 4401 at an operation before connection_init', async () => {
    const client = await open();
    client.subscribe('1', '{ me }');
    expect((await client.closed).code).toBe(4401);
  });

  it('closes with 4401 at an operation before connection_init is acknowledged', async () => {
    const client = await open();
    client.send({ type: 'connection_init', payload: { authorization: ACME_KEY } });
    client.subscribe('1', '{ me }');
    expect((await client.closed).code).toBe(4401);
  });

  it('closes with 4409 at an id that is in use', async () => {
    server.ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', WATCH, { w: 'acme-1' });
    await client.next();
    client.subscribe('1', WATCH, { w: 'acme-1' });
    expect((await client.closed).code).toBe(4409);
  });

  it.each(['nonsense', '{}', '{"type":"subscribe"}', '{"type":"unknown"}'])(
    'closes with 4400 at a message that is none: %s',
    async (message) => {
      const client = await openAs(ACME_KEY);
      client.send(message);
      expect((await client.closed).code).toBe(4400);
    },
  );

  it('answers a ping, and drops a peer that answers none', async () => {
    await withLimits({ websocketLimits: { keepAliveMs: 500 } });
    const client = await openAs(ACME_KEY);
    client.send({ type: 'ping', payload: { at: 1 } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    const deaf = new WebSocket(server.wsUrl, 'graphql-transport-ws', { autoPong: false });
    expect(await new Promise((resolve) => deaf.once('close', resolve))).toBe(1006);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    await client.close();
  });
});

describe('a message of more than 64 KiB', () => {
  const LARGE = 'x'.repeat(65 * KIB);

  it.each([
    ['of one byte a character', 'x'],
    ['of three', '€'],
  ])(
    'is an error of the operation that it was to begin, and nothing else: %s',
    async (_, filler) => {
      server.ledger.commit('acme-1');
      const client = await openAs(ACME_KEY);
      client.subscribe('watch', WATCH, { w: 'acme-1' });
      await client.next();
      client.send(ofBytes(64 * KIB, '1', filler));
      expect(await client.next()).toMatchObject({ type: 'next', id: '1' });
      expect(await client.next()).toEqual({ type: 'complete', id: '1' });
      for (const bytes of [64 * KIB + 1, 128 * KIB]) {
        client.send(ofBytes(bytes, '1', filler));
        expect(await client.next()).toEqual({
          type: 'error',
          id: '1',
          payload: [
            {
              message: 'The message is larger than 65536 bytes.',
              extensions: { code: 'LIMIT_EXCEEDED', requestId: expect.any(String) },
            },
          ],
        });
      }
      server.change('acme-1');
      expect(await client.next()).toMatchObject({ type: 'next', id: 'watch' });
      // The id is free again.
      client.subscribe('1', '{ me }');
      expect(await client.next()).toMatchObject({ type: 'next', id: '1' });
    },
  );

  it.each([
    ['that is twice as large', ofBytes(128 * KIB + 1)],
    ['that is a ping', JSON.stringify({ type: 'ping', payload: { LARGE } })],
    ['that ends an operation', JSON.stringify({ type: 'complete', id: LARGE })],
    ['that has no id', ofBytes(65 * KIB).replace('"id":"1",', '')],
    ['that is none', LARGE],
  ])('closes with 1009: one %s', async (_, message) => {
    const client = await openAs(ACME_KEY);
    client.send(message);
    expect((await client.closed).code).toBe(1009);
  });

  it.each([
    ['an operation', ofBytes(65 * KIB)],
    ['its credential', JSON.stringify({ type: 'connection_init', payload: { LARGE } })],
  ])('closes with 1009 before its peer was let in: %s', async (_, message) => {
    const client = await open();
    client.send(message);
    expect((await client.closed).code).toBe(1009);
  });

  it('is told by its id, which may stand for something that still ends here', async () => {
    const client = await openAs(ACME_KEY);
    client.subscribe('1', '{ slow }');
    await server.slow.asked;
    client.send({ type: 'complete', id: '1' });
    client.send(ofBytes(65 * KIB));
    expect(await client.next()).toMatchObject({ type: 'error', id: '1' });
    server.slow.finish();
  });

  it('counts as forty that come beyond the limits, of which there is an end', async () => {
    await withLimits({ websocketLimits: { maxBeyond: 400 } });
    const flood = await openAs(ACME_KEY);
    const ids = Array.from({ length: 10 }, (_, index) => `${index}`);
    for (const id of ids) flood.send(ofBytes(65 * KIB, id));
    for (const id of ids) expect(await flood.next()).toMatchObject({ type: 'error', id });
    flood.send(ofBytes(65 * KIB));
    expect((await flood.closed).code).toBe(4429);
  });

  it('closes with 4409 at an id that is in use', async () => {
    server.ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', WATCH, { w: 'acme-1' });
    await client.next();
    client.send(ofBytes(65 * KIB));
    expect((await client.closed).code).toBe(4409);
  });
});
