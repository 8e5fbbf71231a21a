import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from './redis.ts';

const redis: TestRedis = await startRedis();

afterAll(() => redis.stop());

/** Sends one inline command on a connection of its own; null when nobody listens. */
function ask(command: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(redis.port, '127.0.0.1', () => socket.end(`${command}\r\n`));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(answer.trim()));
  });
}

test('a killed Redis is gone, and comes back empty on the same port', async () => {
  expect(await ask('SET key value')).toBe('+OK');
  await redis.kill9();
  expect(await ask('PING')).toBeNull();
  await redis.restart();
  expect(await ask('PING')).toBe('+PONG');
  expect(await ask('GET key')).toBe('$-1');
});

test('a stopped Redis may be stopped again', async () => {
  await redis.stop();
  await redis.stop();
  expect(await ask('PING')).toBeNull();
});
