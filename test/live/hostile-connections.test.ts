import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../src/server/http.ts';
import { until } from './harness.ts';
import { post } from './http-client.ts';
import { ACME_KEY, startTestServer, type TestServer } from './test-server.ts';

// What one connection can do to everybody else, with or without a credential: nothing.

/** Whoever waits for a connection waits ten seconds. */
const SWIFT_MS = 9_000;

let server: TestServer;
let sockets: Socket[];

beforeEach(() => begin());
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
});

async function begin(options: Partial<ServerOptions> = {}): Promise<void> {
  await server?.stop();
  sockets = [];
  server = await startTestServer(options);
}

async function open(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

function requestOf(query: string, headers: Record<string, string> = {}): string {
  const body = JSON.stringify({ query });
  const head = { host: 'x', 'content-type': 'application/json', 'content-length': body.length };
  const lines = Object.entries({ ...head, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

const AS_ACME = { authorization: ACME_KEY };

describe('a connection', () => {
  it('may send some requests before their answers, and is closed for more', async () => {
    const few = await open();
    few.write(requestOf('{ count(n: 7) }', AS_ACME).repeat(15));
    few.write(requestOf('{ count(n: 8) }', { ...AS_ACME, connection: 'close' }));
    const answers = await text(few);
    expect(answers.match(/"count":7/g)).toHaveLength(15);
    expect(answers.match(/"count":8/g)).toHaveLength(1);

    const many = await open();
    many.write(requestOf('{ slow }', AS_ACME).repeat(17));
    expect(await text(many).catch(() => '')).toBe('');
    await expectSwiftStop();
  });

  it('counts what is not answered, and not what was', async () => {
    const socket = await open();
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    for (let sent = 1; sent <= 40; sent += 1) {
      socket.write(requestOf('{ count(n: 7) }', AS_ACME));
      while ((received.match(/"count":7/g) ?? []).length < sent) await once(socket, 'data');
    }
  });

  it('that takes nothing of its answer is closed', async () => {
    await begin({ readTimeoutMs: 200 });
    const socket = await open();
    socket.pause();
    const failed = once(socket, 'error');
    socket.write(requestOf('{ padding(length: 50000000) }', AS_ACME));
    const more = setInterval(() => socket.write('\r\n'), 20);
    expect((await failed)[0]).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
    clearInterval(more);
  });

  it('that takes its answer slowly is not', async () => {
    await begin({ readTimeoutMs: 1_000 });
    const socket = await open();
    socket.write(requestOf('{ padding(length: 30000000) }', { ...AS_ACME, connection: 'close' }));
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), 5);
    });
    await once(socket, 'end');
    expect(bytes).toBeGreaterThan(30_000_000);
  });

  it.each(['a b', '[', ':80:80', 'x:port', 'x:99999', '999.1.1.1'])(
    'that calls us %j is told so',
    async (host) => {
      for (const line of ['GET /graphql?query={__typename}', 'POST /graphql']) {
        const socket = await open();
        const body = line.startsWith('POST') ? '{"query":"{ __typename }"}' : '';
        socket.write(
          `${line} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
        const answer = await text(socket);
        expect(answer).toMatch(/^HTTP\/1\.1 400 /);
        expect(answer).toContain('"code":"BAD_REQUEST"');
        expect(answer).not.toContain('node_modules');
      }
    },
  );
});

async function expectSwiftStop(): Promise<void> {
  server.slow.finish();
  const startMs = performance.now();
  await server.stop();
  expect(performance.now() - startMs).toBeLessThan(SWIFT_MS);
  server = await startTestServer();
}

describe('a stop', () => {
  it('waits for no connection whose upgrade was refused', async () => {
    const socket = await open();
    socket.write(
      'GET /elsewhere HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 404 /);
    await expectSwiftStop();
  });

  it('lets nobody in who comes while it waits', async () => {
    const late = await open();
    const asked = post(server, '{ slow }', AS_ACME);
    await server.slow.asked;
    const stopped = server.stop();
    late.write(
      'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
    );
    const answer = await text(late).catch(() => '');
    expect(answer).not.toContain('101');
    server.slow.finish();
    expect((await asked).body.data.slow).toBe('done');
    await stopped;
    await begin();
  });

  it('answers those who keep their connections, and lets them go', async () => {
    const errors: unknown[] = [];
    let isOver = false;
    let answered = 0;
    const loops = [1, 2, 3, 4].map(async () => {
      while (!isOver) {
        const asked = post(server, '{ count(n: 1) }', AS_ACME).then(() => {
          answered += 1;
        });
        await asked.catch((error) => {
          isOver = true;
          if (!/ECONNREFUSED/.test(String(error.cause?.code))) errors.push(error);
        });
      }
    });
    await until(() => answered > 100);
    const startMs = performance.now();
    await server.stop();
    expect(performance.now() - startMs).toBeLessThan(SWIFT_MS);
    isOver = true;
    await Promise.all(loops);
    await begin();
  });
});

describe('callers without a credential', () => {
  const ask = () => post(server, '{ count(n: 1) }');

  it('get their answers one after the other, and keep nobody else waiting', async () => {
    const slow = post(server, '{ slow }');
    await server.slow.asked;
    const behind = ask();
    const { status } = await post(server, '{ me }', AS_ACME);
    expect(status).toBe(200);
    expect(await Promise.race([behind, Promise.resolve('waits')])).toBe('waits');
    server.slow.finish();
    expect((await slow).body.data.slow).toBe('done');
    expect((await behind).body.data.count).toBe(1);
  });

  it('are told to come back when there are too many', async () => {
    // They have their connections, so that they ask before the slow one has had its second and another's turn comes.
    await Promise.all(Array.from({ length: 60 }, () => post(server, '{ me }', AS_ACME)));
    const slow = post(server, '{ slow }');
    await server.slow.asked;
    let settled = 0;
    const asked = Array.from({ length: 60 }, () =>
      ask().finally(() => {
        settled += 1;
      }),
    );
    await until(() => settled >= 11);
    server.slow.finish();
    const answers = await Promise.all([slow, ...asked]);
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(answers.length - 50);
    for (const { headers, body } of refused) {
      expect(headers.get('retry-after')).toBe('1');
      expect(body.errors[0].extensions).toMatchObject({ code: 'OVERLOADED', retryable: true });
    }
    expect((await ask()).status).toBe(200);
  });

  it('get no more than a share of the time', async () => {
    const busy = () => post(server, '{ busy(ms: 50) }');
    const asked = Array.from({ length: 16 }, busy);
    const order: string[] = [];
    const all = Promise.all(asked.map((one) => one.then(() => order.push('anonymous'))));
    for (let count = 0; count < 25; count += 1) {
      await post(server, '{ count(n: 1) }', AS_ACME);
      order.push('acme');
    }
    await all;
    // What is used up is used up: the others are all answered before the last of them.
    expect(order.lastIndexOf('anonymous')).toBeGreaterThan(order.lastIndexOf('acme'));
  });
});
