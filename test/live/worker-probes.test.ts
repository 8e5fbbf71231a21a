import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Command, runDrawdown } from '../support/child-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

// What those who run a worker that is alone can ask it.

let database: TestDatabase;
let worker: Command | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  worker?.child.kill('SIGTERM');
  await worker?.ended;
  await database.drop();
});

/** The worker, once it says that it runs or has ended; what it said. */
async function start(...args: string[]): Promise<string> {
  const environment = { DATABASE_URL: database.url, REDIS_URL: '', PORT: '1' };
  const { child, ended } = runDrawdown(['worker', ...args], environment);
  worker = { child, ended };
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  const isOver = ended.then(() => true);
  while (!said.includes('\n')) {
    if (await Promise.race([isOver, once(child.stdout ?? child, 'data').then(() => false)])) break;
  }
  return said;
}

describe('a worker', () => {
  test('with a port answers probes and nothing else', async () => {
    const said = await start('--port', '0');
    const url = /^The worker is running. (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(said)?.[1];
    const get = (path: string, method = 'GET') => fetch(`${url}${path}`, { method });
    expect(await (await get('/livez')).json()).toEqual({ alive: true });
    expect(await (await get('/readyz')).json()).toEqual({
      ready: true,
      checks: { database: 'ok', migrations: 'ok', live: 'ok' },
    });
    expect(await (await get('/metrics')).text()).toContain('drawdown_webhook_attempts_total');
    for (const other of [get('/'), get('/graphql'), get('/livez', 'POST')]) {
      const answer = await other;
      expect(answer.status).toBe(404);
      expect((await answer.json()).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    }
    worker?.child.kill('SIGTERM');
    expect(await worker?.ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('without one listens nowhere, whatever the port of the API is', async () => {
    expect(await start()).toBe('The worker is running.\n');
  });

  test('whose port is taken says so in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await start('--port', String(port));
    const { code, stderr } = (await worker?.ended) ?? {};
    taken.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^drawdown: PORT ${port} of HOST 127.0.0.1: .*EADDRINUSE[^\\n]*\\n$`),
    );
  });
});
