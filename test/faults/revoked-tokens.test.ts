import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { KEY, setUpCalls } from '../support/api.ts';
import { type ChildApi, runDrawdown, startChildApi } from '../support/child-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openEventStream } from '../support/sse.ts';
import { until } from '../support/until.ts';
import { openWs } from '../support/ws-client.ts';

// Two API processes on one database and nothing else between them: what is ended in the one ends in the other.

const WATCH = 'subscription ($id: ID!) { balanceChanged(walletId: $id) { version } }';
const REVOKE = `mutation { revokeCustomerTokens(input: {}) {
  ... on RevokeCustomerTokensPayload { revokedAt } ... on Error { code }
} }`;
const TOKEN = `mutation { createCustomerToken(input: { customer: { externalId: "acme" } }) {
  ... on CreateCustomerTokenPayload { token } ... on Error { code }
} }`;
const READ = '{ customers { edges { node { externalId } } } }';

/** A second is what is promised; the rest is for a machine with much else to do. By itself a token lives for minutes. */
const SOON_MS = 15_000;

/** An organization of the database: its key, and a wallet of its customer. */
interface Shop {
  readonly key: string;
  readonly walletId: string;
}

let database: TestDatabase;
let one: ChildApi;
let two: ChildApi;
let ours: Shop;
let theirs: Shop;
const undo: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const options = { databaseUrl: database.url, worker: false };
  one = await startChildApi(options);
  two = await startChildApi(options);
  const args = ['keys', 'create', '--organization', 'Other', '--json'];
  const { stdout } = await runDrawdown(args, { DATABASE_URL: database.url }).ended;
  ours = await openShop(KEY);
  theirs = await openShop(JSON.parse(stdout).key);
}, 120_000);
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});
afterAll(async () => {
  await Promise.all([one?.stop(), two?.stop()]);
  await database?.drop();
}, 120_000);

async function openShop(key: string): Promise<Shop> {
  const { walletId } = await setUpCalls((query, variables) => one.ask(query, variables, key));
  return { key, walletId };
}

async function makeToken(api: ChildApi, { key }: Shop): Promise<string> {
  return (await api.ask(TOKEN, {}, key)).data.createCustomerToken.token;
}

/** A socket and a stream in each process, opened by one token, that have had the balance of now. */
async function openIdle({ walletId: id }: Shop, token: string) {
  const opened = await Promise.all(
    [one, two].map(async ({ url }) => {
      const socket = await openWs(`${url.replace('http', 'ws')}/graphql`);
      undo.push(socket.close);
      await socket.init(`Bearer ${token}`);
      socket.subscribe('1', WATCH, { id });
      expect((await socket.next()).payload.data.balanceChanged.version).toBeGreaterThan(0);
      const stream = await openEventStream(url, WATCH, { id }, token);
      undo.push(stream.close);
      expect(await stream.next()).toMatchObject({ data: { balanceChanged: {} } });
      return { socket, stream };
    }),
  );
  return {
    isOpen: () => opened.every(({ socket: { socket } }) => socket.readyState === socket.OPEN),
    ended: () =>
      Promise.all(opened.map(async (each) => [await each.socket.closed, await each.stream.next()])),
  };
}

async function codeOf(api: ChildApi, token: string): Promise<string | null> {
  const { errors } = await api.ask(READ, {}, token);
  return errors?.[0]?.extensions.code ?? null;
}

const ENDED = [{ code: 4403, reason: 'Forbidden' }, null];

/** Removes the keys that sign our tokens, as an operator does it by hand. */
async function removeByHand(): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `DELETE FROM token_signing_keys
      WHERE organization_id <> (SELECT id FROM organizations WHERE name = 'Other')`,
  );
  await client.end();
}

const revoke = async () => {
  const { data } = await one.ask(REVOKE);
  expect(data.revokeCustomerTokens).toEqual({ revokedAt: expect.stringMatching(/Z$/) });
};

test.each([
  ['revoked in one process', revoke],
  ['without a signing key any more', removeByHand],
])(
  'tokens that are %s end in both, with what they have opened, and no others do',
  async (_, end) => {
    const [token, other] = [await makeToken(one, ours), await makeToken(two, theirs)];
    const [ending, staying] = [await openIdle(ours, token), await openIdle(theirs, other)];
    const startMs = performance.now();
    await end();
    expect(await ending.ended()).toEqual([ENDED, ENDED]);
    for (const api of [one, two]) {
      await until('the token is refused', async () => (await codeOf(api, token)) !== null);
      expect(await codeOf(api, token)).toBe('UNAUTHENTICATED');
    }
    expect(performance.now() - startMs).toBeLessThan(SOON_MS);

    for (const maker of [two, one]) {
      const fresh = await makeToken(maker, ours);
      for (const api of [one, two]) expect(await codeOf(api, fresh)).toBeNull();
    }
    for (const api of [one, two]) expect(await codeOf(api, other)).toBeNull();
    expect(staying.isOpen()).toBe(true);
  },
);

test('tokens that are asked for after a revocation work in both, however many ask meanwhile', async () => {
  for (let round = 0; round < 10; round += 1) {
    const meanwhile = [one, two, one, two].map((api) => makeToken(api, ours));
    await revoke();
    const [first, second] = await Promise.all([makeToken(one, ours), makeToken(two, ours)]);
    for (const token of [first, second]) {
      expect(await Promise.all([codeOf(one, token), codeOf(two, token)])).toEqual([null, null]);
    }
    await Promise.all(meanwhile);
  }
});
