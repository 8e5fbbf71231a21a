import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWs } from '../support/ws-client.ts';
import { until } from './harness.ts';
import { openStream, post } from './http-client.ts';
import { ACME_KEY, SHORT_TOKEN, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

const watch = 'subscription { balanceChanged(walletId: "acme-1") { version } }';

/** An answer, or a stream, as it comes over its connection. */
async function openRaw(query: string, authorization: string, accept = 'text/event-stream') {
  const { hostname, port } = new URL(server.url);
  const socket: Socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const body = JSON.stringify({ query });
  const headers = `host: x\r\naccept: ${accept}\r\nauthorization: ${authorization}`;
  const type = `content-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`POST /graphql HTTP/1.1\r\n${headers}\r\n${type}\r\n\r\n${body}`);
  return socket;
}

describe('server-sent events', () => {
  it('carry a subscription, and let it go when the reader leaves', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(server, watch, ACME_KEY);
    for (const version of [1, 2, 3]) {
      expect(await stream.next()).toEqual({ data: { balanceChanged: { version } } });
      server.change('acme-1');
    }
    stream.abort();
    await until(() => server.hub.watched().watchers === 0);
  });

  it('mask what broke', async () => {
    const stream = await openStream(server, 'subscription { breaks }', ACME_KEY);
    const { errors } = await stream.next();
    expect(errors).toMatchObject([
      { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(errors[0].extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    stream.abort();
  });

  it('end when the token expires', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(server, watch, SHORT_TOKEN);
    await stream.next();
    expect(await stream.next()).toBeNull();
    await until(() => server.hub.watched().watchers === 0);
  });

  it('are followed by nothing once they have ended, and their connection goes on', async () => {
    const END = '\r\n0\r\n\r\n';
    server.ledger.commit('acme-1');
    const socket = await openRaw(watch, SHORT_TOKEN);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    await until(() => received.includes(END));
    for (let count = 0; count < 5; count += 1) server.change('acme-1');
    socket.write('GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await once(socket, 'close');
    const [stream = '', ...after] = received.split(END);
    expect(stream.match(/^event: /gm)).toEqual(['event: ']);
    expect(after).toEqual([expect.stringMatching(/^HTTP\/1.1 200 OK\r\n[\s\S]+\{"alive":true\}$/)]);
  });
});

describe('a reader of a stream', () => {
  it('that takes nothing is let go, however small the pieces are that wait for it', async () => {
    await server.stop();
    server = await startTestServer({ readTimeoutMs: 300 });
    server.ledger.commit('acme-1');
    const socket = await openRaw(watch.replace('version', 'padding(length: 10000)'), ACME_KEY);
    socket.on('error', () => undefined);
    socket.pause();
    await until(() => server.executed.padding === 1);
    await until(() => {
      server.change('acme-1');
      return server.hub.watched().watchers === 0;
    });
    // What was on its way is not kept for it any more, not even by the operating system, which has 4 MB.
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.resume();
    await once(socket, 'close');
    expect(received).toBeLessThan(2_000_000);
  });
});

describe('a stop', () => {
  it('answers what was asked, and then nothing more', async () => {
    await fetch(`${server.url}/livez`);
    const answer = post(server, '{ slow }');
    await server.slow.asked;
    const stopped = server.server.stop();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    server.slow.finish();
    expect((await answer).body.data.slow).toBe('done');
    await stopped;
  });

  it('says that there is nothing more to ask on a connection, and answers what was begun', async () => {
    const client = await openWs(server.wsUrl);
    await client.init(ACME_KEY);
    client.subscribe('1', '{ slow }');
    await server.slow.asked;
    const socket = await openRaw('{ count(n: 1) }', ACME_KEY, 'application/json');
    const [more, half, rest] = ['GET /livez?', 'GET /livez HTTP/1.1\r\n', 'host: x\r\n\r\n'];
    socket.write(`${more} HTTP/1.1\r\n${rest}${half}`);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    await until(() => received.split('HTTP/1.1 200').length === 3);
    const stopped = server.server.stop();
    socket.write(rest);
    await once(socket, 'end');
    const answers = received.split('HTTP/1.1 ').slice(1);
    expect(answers).toHaveLength(3);
    expect(answers[0]).toContain('"count":1');
    expect(answers[2]).toMatch(/^200 OK[\s\S]+connection: close[\s\S]+\{"alive":true\}/i);
    server.slow.finish();
    expect((await client.next()).payload.data.slow).toBe('done');
    await stopped;
    expect((await client.closed).code).toBe(1012);
  });

  it('ends a connection with the answer that is owed to it', async () => {
    const socket = await openRaw('{ slow }', ACME_KEY, 'application/json');
    await server.slow.asked;
    const stopped = server.server.stop();
    server.slow.finish();
    expect(await text(socket)).toMatch(/connection: close[\s\S]+"slow":"done"/i);
    await stopped;
  });

  it('answers what was asked as a stream and is none', async () => {
    const socket = await openRaw('{ slow }', ACME_KEY);
    await server.slow.asked;
    const stopped = server.server.stop();
    server.slow.finish();
    expect(await text(socket)).toMatch(/"slow":"done"[\s\S]+event: complete/);
    await stopped;
  });

  it('ends streams at once', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(server, watch, ACME_KEY);
    await stream.next();
    const end = stream.next();
    await server.server.stop();
    expect(await end).toBeNull();
    await until(() => server.hub.watched().watchers === 0);
  });

  it('waits a second for those who do not read', async () => {
    server.ledger.commit('acme-1');
    const padded = watch.replace('version', 'padding(length: 50000000)');
    const socket = await openRaw(padded, ACME_KEY);
    socket.pause();
    await until(() => server.executed.padding === 1);
    const startMs = performance.now();
    await server.server.stop();
    expect(performance.now() - startMs).toBeLessThan(5_000);
    socket.destroy();
  });

  it('gives up on a request that takes too long', async () => {
    await server.stop();
    server = await startTestServer({ stopTimeoutMs: 30 });
    const answer = post(server, '{ slow }');
    await server.slow.asked;
    await Promise.all([server.server.stop(), expect(answer).rejects.toThrow()]);
  });
});
