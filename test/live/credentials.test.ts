import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../src/infra/log.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Gate, openGate } from '../support/gate.ts';
import { openEventStream } from '../support/sse.ts';
import { openWs, type WsClient } from '../support/ws-client.ts';
import { until } from './harness.ts';
import { ACME_KEY, SHORT_TOKEN, startTestServer } from './test-server.ts';

// What is open ends with the credential that opened it, and not because nobody could be asked.

const WATCH = 'subscription ($id: ID!) { balanceChanged(walletId: $id) { version } }';
const REVOKE = `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) {
  ... on RevokeApiKeyPayload { apiKey { revokedAt } } ... on Error { message }
} }`;
const ROLL = `mutation ($id: ID!, $overlap: Int!) {
  rollApiKey(input: { id: $id, overlapSeconds: $overlap }) { ... on RollApiKeyPayload { secret } }
}`;

let database: TestDatabase;
let gate: Gate;
let api: TestApi;
let walletId: string;
let logged = '';

beforeAll(async () => {
  database = await createTestDatabase();
  gate = await openGate(database.url);
  const write = (line: string) => {
    logged += line;
  };
  const log = createLog({ level: 'warn', destination: { write } });
  api = await startApi({ databaseUrl: gate.url, log });
  const { data } = await api.ask(`mutation {
    createAsset(input: { code: "USD", name: "US Dollar" }) { __typename }
    createCustomer(input: { externalId: "acme" }) { __typename }
    grantCredit(input: { customer: { externalId: "acme" }, asset: "USD", amount: "10" }) {
      ... on GrantCreditPayload { wallet { id } }
    }
  }`);
  walletId = data.grantCredit.wallet.id;
});
afterAll(async () => {
  await api?.stop();
  await gate?.shut();
  await database?.drop();
});

async function makeKey(): Promise<{ id: string; secret: string }> {
  const { data } = await api.ask(`mutation { createApiKey(input: { name: "Watcher" }) {
    ... on CreateApiKeyPayload { apiKey { id } secret }
  } }`);
  return { id: data.createApiKey.apiKey.id, secret: data.createApiKey.secret };
}

/** A socket and a stream that watch a balance, past their first word. */
async function openBoth(secret: string) {
  const socket = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
  await socket.init(`Bearer ${secret}`);
  socket.subscribe('1', WATCH, { id: walletId });
  expect((await socket.next()).payload.data.balanceChanged.version).toBeGreaterThan(0);
  const stream = await openEventStream(api.url, WATCH, { id: walletId }, secret);
  expect(await stream.next()).toMatchObject({ data: { balanceChanged: {} } });
  return { socket, stream };
}

async function expectEnd({ socket, stream }: Awaited<ReturnType<typeof openBoth>>) {
  await Promise.all([
    expect(stream.next()).resolves.toBeNull(),
    expect(socket.closed).resolves.toEqual({ code: 4403, reason: 'Forbidden' }),
  ]);
}

const isOpen = ({ socket }: WsClient) => socket.readyState === socket.OPEN;

describe('a socket and a stream', () => {
  it('end soon after their key was revoked, and no others do', async () => {
    const [revoked, other] = [await makeKey(), await makeKey()];
    const [ending, staying] = [await openBoth(revoked.secret), await openBoth(other.secret)];
    const startMs = performance.now();
    const { data } = await api.ask(REVOKE, { id: revoked.id });
    expect(data.revokeApiKey.apiKey.revokedAt).not.toBeNull();
    await expectEnd(ending);
    expect(performance.now() - startMs).toBeLessThan(15_000);
    expect(isOpen(staying.socket)).toBe(true);
    await staying.socket.close();
    await staying.stream.close();
  });

  it('end with the overlap, after their key was rolled', async () => {
    const key = await makeKey();
    const both = await openBoth(key.secret);
    await api.ask(ROLL, { id: key.id, overlap: 1 });
    await expectEnd(both);
  });

  it('stay while the database is away, and are asked about again afterwards', async () => {
    const key = await makeKey();
    const both = await openBoth(key.secret);
    await gate.shut();
    // Three rounds fail, each of which says so.
    await until(() => logged.split('open streams could not be checked').length > 3);
    expect(isOpen(both.socket)).toBe(true);
    await gate.open();
    await api.ask(REVOKE, { id: key.id });
    await expectEnd(both);
  });
});

it('a peer that was told to go has nothing executed while it takes its time', async () => {
  const server = await startTestServer();
  try {
    const [deaf, other] = [await openWs(server.wsUrl), await openWs(server.wsUrl)];
    await other.init(ACME_KEY);
    const startMs = performance.now();
    await deaf.init(SHORT_TOKEN);
    deaf.socket.pause();
    for (let count = 0, executed = -1; executed !== server.executed.busy; count += 1) {
      executed = server.executed.busy;
      deaf.subscribe(`${count}`, '{ busy(ms: 0) }');
      for (let turns = 0; turns < 20; turns += 1) {
        other.subscribe('1', '{ count(n: 1) }');
        await other.next();
        await other.next();
      }
    }
    // It was served until its credential ended, and the socket is still there.
    expect(performance.now() - startMs).toBeGreaterThan(900);
    expect(deaf.socket.readyState).toBe(deaf.socket.OPEN);
  } finally {
    await server.stop();
  }
});
