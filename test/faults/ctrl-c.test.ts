import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, KEY } from '../support/api.ts';
import { type ChildApi, type ChildApiOptions, startChildApi } from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';
import { openWs } from '../support/ws-client.ts';

// Somebody ends the process as people do: by a key, which is a signal to more than one process, or two signals.

const ENDPOINT = `mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) {
  ... on CreateWebhookEndpointPayload { endpoint { id } } } }`;
const PING = `mutation ($endpoint: ID!) { pingWebhookEndpoint(input: { endpoint: $endpoint }) {
  ... on PingWebhookEndpointPayload { delivery { status } } } }`;

let receiver: Receiver;
let undo: (() => Promise<unknown>)[];

beforeEach(async () => {
  receiver = await startReceiver();
  undo = [receiver.close];
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
});

interface Asked {
  /** What comes of a request that is under way until `letAnswer` is called; null when it was lost. */
  readonly answer: Promise<Answer | null>;
  letAnswer(): void;
}

async function askSlowly({ ask }: ChildApi): Promise<Asked> {
  const { data } = await ask(ENDPOINT, { url: receiver.url });
  const asked = new Promise<() => void>((resolve) => {
    receiver.respondWith((_received, response) => resolve(() => response.writeHead(204).end()));
  });
  const endpoint = data.createWebhookEndpoint.endpoint.id;
  const answer = ask(PING, { endpoint }).catch(() => null);
  return { answer, letAnswer: await asked };
}

async function start(options: ChildApiOptions): Promise<ChildApi> {
  const environment = { DRAWDOWN_WEBHOOK_ALLOW_PRIVATE: '1' };
  const api = await startChildApi({ ...options, environment });
  undo.push(api.stop);
  return api;
}

async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'drawdown-ctrl-c-'));
  undo.push(async () => {
    const server = postgresIn(dataDir);
    if (server) process.kill(server, 'SIGQUIT');
    await rm(dataDir, { recursive: true, force: true });
  });
  return dataDir;
}

/** The process of the PostgreSQL that runs on the folder; null when there is none. */
function postgresIn(dataDir: string): number | null {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null;
}

async function startOnDatabase(): Promise<ChildApi> {
  const database = await createTestDatabase();
  undo.push(database.drop);
  return start({ databaseUrl: database.url });
}

async function expectAnswered({ answer, letAnswer }: Asked): Promise<void> {
  letAnswer();
  expect((await answer)?.data).toEqual({
    pingWebhookEndpoint: { delivery: { status: 'SUCCEEDED' } },
  });
}

// A terminal sends to all processes of `npm start`, and npm passes its own signal on: ours comes twice.
describe.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to all of `npm start`',
  {
    timeout: 180_000,
  },
  (signal) => {
    test('answers what was asked, sends sockets away, stops PostgreSQL, and ends with 0', async () => {
      const dataDir = await makeDataDir();
      const api = await start({ npmStart: true, dataDir });
      const socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
      await socket.init(`Bearer ${KEY}`);
      const asked = await askSlowly(api);

      process.kill(-api.pid, signal);
      expect((await socket.closed).code).toBe(1012);
      await expectAnswered(asked);
      expect(await api.ended).toMatchObject({ code: 0 });
      expect(postgresIn(dataDir)).toBeNull();
    });
  },
);

test('two signals at once are one', async () => {
  const api = await startOnDatabase();
  const asked = await askSlowly(api);
  const startMs = performance.now();
  process.kill(api.pid, 'SIGINT');
  process.kill(api.pid, 'SIGTERM');
  while (await fetch(`${api.url}/livez`).catch(() => null));
  // A second later it would be somebody who asks again.
  if (performance.now() - startMs < 500) process.kill(api.pid, 'SIGINT');
  await expectAnswered(asked);
  expect(await api.ended).toMatchObject({ code: 0, stderr: '' });
});

/** One that has just ended, of which we have not heard yet, is not there to be told. */
function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' });
  }
}

test('whoever asks again, a second later, does not wait for what was begun', async () => {
  const api = await startOnDatabase();
  const { answer } = await askSlowly(api);
  const startMs = performance.now();
  const ended = api.ended.then(({ code }) => code);
  while ((await Promise.race([ended, pause(50, 'running')])) === 'running') interrupt(api.pid);
  expect(await ended).toBe(1);
  expect(await answer).toBeNull();
  expect(performance.now() - startMs).toBeGreaterThan(1_000);
});
