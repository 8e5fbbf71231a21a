import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type PostOptions, post } from '../../src/webhooks/post.ts';
import { lookUpAnyHost } from '../../src/webhooks/resolve-host.ts';
import { noAnswer, type Receiver, startReceiver, status } from '../support/webhook-receiver.ts';

const message = { headers: { 'content-type': 'application/json' }, body: '{"a":"ü"}' };
const options: PostOptions = { allowPrivate: true, ports: [443], lookUp: lookUpAnyHost };

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

test('sends a request and says what was answered', async () => {
  receiver.respondWith((_received, response) => response.writeHead(202).end('thanks\u0000'));
  const posted = await post(receiver.url, message, options);
  expect(posted).toMatchObject({ status: 202, body: 'thanks\uFFFD', error: null });
  expect(posted.latencyMs).toBeGreaterThanOrEqual(0);
  const [{ method, path, body, headers } = { method: '', path: '', body: '', headers: {} }] =
    receiver.received;
  expect([method, path, body]).toEqual(['POST', '/hooks', message.body]);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': '10',
    host: `127.0.0.1:${receiver.port}`,
  });
});

test('follows no redirect', async () => {
  const other = await startReceiver();
  receiver.respondWith(status(307, { location: other.url }));
  expect(await post(receiver.url, message, options)).toMatchObject({ status: 307, error: null });
  expect(other.received).toHaveLength(0);
  await other.close();
});

test('keeps four KiB of an answer that does not end, and closes the connection', async () => {
  let closed: Promise<unknown> | undefined;
  receiver.respondWith((_received, response) => {
    closed = new Promise((resolve) => response.once('close', resolve));
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(1024)));
    };
    response.on('drain', write);
    write();
  });
  const posted = await post(receiver.url, message, options);
  expect(posted.status).toBe(200);
  expect(posted.body).toBe('x'.repeat(4096));
  await closed;
});

test.each([
  [
    'switches protocols',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  ],
  ['says nothing and leaves', ''],
])('settles when the receiver %s', async (_, answer) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => (answer === '' ? socket.end() : socket.write(answer)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  expect(await post(url, message, options)).toMatchObject({
    status: null,
    error: expect.any(String),
  });
  server.close();
});

test('settles when the receiver announces an answer without an end', async () => {
  const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const announce = () => {
      while (!socket.destroyed && socket.write(hint.repeat(100)));
    };
    socket.on('drain', announce);
    socket.once('data', announce);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  const posted = await post(url, message, options);
  expect(posted).toMatchObject({
    status: null,
    error: expect.stringContaining('announces an answer without an end'),
  });
  // Long before the time for an answer is over.
  expect(posted.latencyMs).toBeLessThan(5_000);
  server.close();
});

describe('there is an end to waiting', () => {
  const quick = { ...options, timeoutMs: 100 };

  test('for an answer', async () => {
    receiver.respondWith(noAnswer);
    const posted = await post(receiver.url, message, quick);
    expect(posted).toMatchObject({ status: null, error: 'There was no answer in time.' });
  });

  test('for an address', async () => {
    const lookUp = () => new Promise<never>(() => undefined);
    const posted = await post('http://example.com/', message, { ...quick, lookUp });
    expect(posted).toMatchObject({ status: null, error: 'There was no answer in time.' });
  });

  test('for the rest of an answer, whose status counts', async () => {
    receiver.respondWith((_received, response) => response.writeHead(200).write('half'));
    // Its first half comes long before that.
    const posted = await post(receiver.url, message, { ...options, timeoutMs: 1_000 });
    expect(posted).toMatchObject({ status: 200, body: 'half', error: null });
  });
});

test('a connection that breaks is told in one line', async () => {
  receiver.respondWith((_received, response) => response.destroy());
  const posted = await post(receiver.url, message, options);
  expect(posted).toMatchObject({ status: null, error: 'The connection failed: ECONNRESET.' });
});

test('whoever stops the process learns that nobody knows what came of it', async () => {
  receiver.respondWith(noAnswer);
  const stopping = new AbortController();
  const posting = post(receiver.url, message, options, stopping.signal);
  await receiver.first(1);
  stopping.abort(new Error('stopped'));
  await expect(posting).rejects.toThrow('stopped');
});

describe('the address that was checked is the one that is used', () => {
  const strict = { ...options, allowPrivate: false, ports: [443, 80] };

  test('a name that answers differently the second time is asked once', async () => {
    const answers = ['127.0.0.1', '203.0.113.1'];
    const asked: string[] = [];
    const lookUp = async (host: string) => {
      asked.push(host);
      return [{ address: answers[asked.length - 1] ?? '', family: 4 as const }];
    };
    const url = `http://hooks.example.com:${receiver.port}/hooks`;
    const posted = await post(url, message, { ...options, lookUp });
    expect(posted.status).toBe(204);
    expect(asked).toEqual(['hooks.example.com']);
    // What the receiver is called stays what the URL calls it.
    expect(receiver.received[0]?.headers.host).toBe(`hooks.example.com:${receiver.port}`);
  });

  test('TLS is spoken with the name, not with the address', async () => {
    let hello = '';
    const server = createServer((socket) => {
      socket.once('data', (bytes) => {
        hello = bytes.toString('latin1');
        socket.destroy();
      });
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const lookUp = async () => [{ address: '127.0.0.1', family: 4 as const }];
    const url = `https://hooks.example.com:${port}/`;
    const posted = await post(url, message, { ...options, lookUp });
    expect(posted.error).toMatch(/^The connection failed/);
    expect(hello).toContain('hooks.example.com');
    server.close();
    await once(server, 'close');
  });

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254'])(
    'a name that stands for %s is not connected to',
    async (address) => {
      const family = address.includes(':') ? (6 as const) : (4 as const);
      const lookUp = async () => [{ address, family }];
      const posted = await post('https://hooks.example.com/', message, { ...strict, lookUp });
      expect(posted).toMatchObject({
        status: null,
        error: 'The host has no address on the public internet.',
      });
    },
  );

  test('an address that was stored while it was allowed is refused now', async () => {
    const posted = await post(receiver.url, message, strict);
    expect(posted).toMatchObject({
      status: null,
      error: expect.stringMatching(/^Must start with https:/),
    });
    expect(receiver.received).toHaveLength(0);
  });

  test('a name that is nowhere is a failure', async () => {
    const lookUp = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    const posted = await post('https://nowhere.example.com/', message, { ...strict, lookUp });
    expect(posted.error).toBe('The connection failed: ENOTFOUND.');
  });
});
