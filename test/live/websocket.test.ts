import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openWs, type WsClient, type WsClientOptions } from '../support/ws-client.ts';
import {
  ACME_KEY,
  OTHER_KEY,
  SHORT_TOKEN,
  startTestServer,
  type TestServer,
  turn,
  until,
} from './harness.ts';

const WATCH = 'subscription ($w: String!) { balanceChanged(walletId: $w) { walletId version } }';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

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

  it('closes with 1009 at a message of more than 64 KiB, and takes one of that size', async () => {
    const client = await openAs(ACME_KEY);
    const text = (bytes: number) => {
      const shell = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ me } #' } });
      return shell.replace('#', `#${'x'.repeat(bytes - shell.length)}`);
    };
    client.send(text(64 * 1024));
    expect((await client.next()).type).toBe('next');
    expect((await client.next()).type).toBe('complete');
    client.send(text(64 * 1024 + 1));
    expect((await client.closed).code).toBe(1009);
  });

  it('answers a ping, and drops a peer that answers none', async () => {
    await withLimits({ websocketLimits: { keepAliveMs: 30 } });
    const client = await openAs(ACME_KEY);
    client.send({ type: 'ping', payload: { at: 1 } });
    expect(await client.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    const deaf = new WebSocket(server.wsUrl, 'graphql-transport-ws', { autoPong: false });
    expect(await new Promise((resolve) => deaf.once('close', resolve))).toBe(1006);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    await client.close();
  });
});

describe('an operation', () => {
  it('may be a query or a mutation', async () => {
    const client = await openAs(ACME_KEY);
    client.subscribe('q', 'query ($n: Int) { count(n: $n) }', { n: 5 });
    expect(await client.next()).toEqual({ type: 'next', id: 'q', payload: { data: { count: 5 } } });
    expect(await client.next()).toEqual({ type: 'complete', id: 'q' });
    client.subscribe('m', 'mutation { touch }');
    expect((await client.next()).payload.data.touch).toBe('touched');
  });

  it.each([
    ['syntax', '{ me', 'GRAPHQL_PARSE_FAILED'],
    ['a field that does not exist', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['depth', `{ ${'self { '.repeat(12)} me ${'}'.repeat(12)} }`, 'LIMIT_EXCEEDED'],
    [
      'aliases',
      `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
      'LIMIT_EXCEEDED',
    ],
    ['tokens', `{ ${'me '.repeat(5_001)} }`, 'LIMIT_EXCEEDED'],
    ['no operation of that name', 'fragment F on Query { me }', 'GRAPHQL_VALIDATION_FAILED'],
  ])(
    'that is refused for %s is answered with an error, and the socket stays',
    async (_, query, code) => {
      const client = await openAs(ACME_KEY);
      client.subscribe('bad', query);
      const answer = await client.next();
      expect(answer).toMatchObject({ type: 'error', id: 'bad' });
      expect(answer.payload[0].extensions).toEqual({
        code,
        requestId: expect.stringMatching(/:bad$/),
      });
      client.subscribe('good', '{ count(n: 1) }');
      expect((await client.next()).payload.data.count).toBe(1);
    },
  );

  it('never shows what broke', async () => {
    const client = await openAs(ACME_KEY);
    const masked = {
      message: 'Internal error',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
    };
    client.subscribe('1', '{ fault }');
    expect((await client.next()).payload).toMatchObject({
      data: { fault: null },
      errors: [masked],
    });
    await client.next();
    client.subscribe('2', 'subscription { breaks }');
    expect(await client.next()).toMatchObject({ type: 'error', id: '2', payload: [masked] });
  });

  it('is refused beyond the number that one socket may have', async () => {
    await withLimits({ websocketLimits: { maxOperations: 2 } });
    server.ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    for (const id of ['1', '2']) {
      client.subscribe(id, WATCH, { w: 'acme-1' });
      expect((await client.next()).type).toBe('next');
    }
    client.subscribe('3', WATCH, { w: 'acme-1' });
    expect(await client.next()).toMatchObject({
      type: 'error',
      id: '3',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
    client.send({ type: 'complete', id: '1' });
    await until(() => server.hub.watched().watchers === 1);
    client.subscribe('4', WATCH, { w: 'acme-1' });
    expect(await client.next()).toMatchObject({ type: 'next', id: '4' });
  });
});

describe('balanceChanged', () => {
  it('gives the state now, then every change, and is let go by complete', async () => {
    server.ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', WATCH, { w: 'acme-1' });
    for (const version of [1, 2, 3]) {
      expect((await client.next()).payload.data.balanceChanged).toEqual({
        walletId: 'acme-1',
        version,
      });
      server.change('acme-1');
    }
    client.send({ type: 'complete', id: '1' });
    await until(() => server.hub.watched().watchers === 0);
  });

  it('is let go when the socket dies', async () => {
    server.ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    client.subscribe('1', WATCH, { w: 'acme-1' });
    await client.next();
    client.socket.terminate();
    await until(() => server.hub.watched().watchers === 0);
  });

  it('shows nobody a wallet of somebody else', async () => {
    server.ledger.commit('acme-1');
    server.ledger.commit('other-1');
    const [acme, other] = [await openAs(ACME_KEY), await openAs(OTHER_KEY)];
    acme.subscribe('theirs', WATCH, { w: 'other-1' });
    const refused = await acme.next();
    expect(JSON.stringify(refused)).toContain('NOT_FOUND');
    expect(await acme.next()).toEqual({ type: 'complete', id: 'theirs' });

    acme.subscribe('own', WATCH, { w: 'acme-1' });
    other.subscribe('own', WATCH, { w: 'other-1' });
    for (let count = 0; count < 200; count += 1) {
      server.change('acme-1');
      server.change('other-1');
      if (count % 20 === 0) await turn();
    }
    for (const [client, walletId] of [
      [acme, 'acme-1'],
      [other, 'other-1'],
    ] as const) {
      for (let version = 0; version < 201; ) {
        const { walletId: seen, version: next } = (await client.next()).payload.data.balanceChanged;
        expect(seen).toBe(walletId);
        expect(next).toBeGreaterThan(version);
        version = next;
      }
    }
  });

  it('lets a reader that stops skip to the latest', async () => {
    server.ledger.commit('acme-1');
    const client = await openAs(ACME_KEY);
    // Frames of 256 KB: the buffers of the two kernels are full after some, far from all of them.
    const query = WATCH.replace('version', 'version padding(length: 262144)');
    client.subscribe('1', query, { w: 'acme-1' });
    expect((await client.next()).payload.data.balanceChanged.version).toBe(1);
    client.socket.pause();
    const LAST = 400;
    for (let version = 2; version <= LAST; version += 1) {
      server.change('acme-1');
      await turn();
    }
    client.socket.resume();
    const seen: number[] = [];
    while (seen.at(-1) !== LAST) {
      seen.push((await client.next()).payload.data.balanceChanged.version);
    }
    expect(seen.length).toBeLessThan(LAST / 2);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });
});

describe('a stop', () => {
  it('answers what is being worked on, then asks everybody to connect again', async () => {
    const [busy, idle] = [await openAs(ACME_KEY), await openAs(ACME_KEY)];
    busy.subscribe('1', '{ slow }');
    await server.slow.asked;
    const stopped = server.server.stop();
    server.slow.finish();
    expect((await busy.next()).payload.data.slow).toBe('done');
    expect(await busy.closed).toEqual({ code: 1012, reason: 'Service restart' });
    expect((await idle.closed).code).toBe(1012);
    await stopped;
  });

  it('does not wait for ever', async () => {
    await withLimits({ stopTimeoutMs: 30 });
    const client = await openAs(ACME_KEY);
    client.subscribe('1', '{ slow }');
    await server.slow.asked;
    await server.server.stop();
    expect((await client.closed).code).toBe(1012);
  });
});
