import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

/** A stream as it comes over its connection. */
async function openRaw(query: string, authorization: string) {
  const { hostname, port } = new URL(server.url);
  const socket: Socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const body = JSON.stringify({ query });
  const headers = `host: x\r\naccept: text/event-stream\r\nauthorization: ${authorization}`;
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
