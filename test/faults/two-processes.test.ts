import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Ask, KEY, setUpCalls } from '../support/api.ts';
import { type ChildApi, startChildApi } from '../support/child-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

// Two API processes on one database and one Redis, as behind a load balancer.

let database: TestDatabase;
let redis: TestRedis;
let one: ChildApi;
let two: ChildApi;
let walletId: string;
const sockets: Client[] = [];

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  const options = { databaseUrl: database.url, redisUrl: redis.url };
  one = await startChildApi(options);
  two = await startChildApi(options);
  ({ walletId } = await setUpCalls(one.ask, 'acme', '10'));
}, 120_000);
afterAll(async () => {
  await Promise.all(sockets.map((socket) => socket.dispose()));
  await Promise.all([one?.stop(), two?.stop()]);
  await redis?.stop();
  await database?.drop();
}, 120_000);

const RECORD = `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
  __typename
  ... on UsageRecorded { duplicate event { id } charges { amount } }
  ... on Error { code retryable }
  ... on InsufficientFundsError { available required shortfall asset { code } wallet { id } }
} }`;

async function record(ask: Ask, input: object) {
  const { data, errors } = await ask(RECORD, {
    input: { customer: { externalId: 'acme' }, type: 'api.call', ...input },
  });
  expect(errors).toBeUndefined();
  return data.recordUsage;
}

const either = (at: number) => (at % 2 === 0 ? one.ask : two.ask);

async function readWallet(ask: Ask, id = walletId) {
  const query = `query ($id: ID!) { wallet(id: $id) {
    version balance { settled available } entries(first: 100) { edges { node { cause amount sequence } } }
  } }`;
  return (await ask(query, { id })).data.wallet;
}

async function grant(ask: Ask, amount: string, externalId = 'acme') {
  const { data } = await ask(
    `mutation ($input: GrantCreditInput!) { grantCredit(input: $input) {
      ... on GrantCreditPayload { wallet { id version } }
    } }`,
    { input: { customer: { externalId }, asset: 'USD', amount } },
  );
  return data.grantCredit.wallet;
}

describe('two API processes on one database', { timeout: 120_000 }, () => {
  test('charge tiers exactly, whichever of them is asked', async () => {
    const { data } = await one.ask(`mutation {
      createCustomer(input: { externalId: "tiers" }) { __typename }
      createBillableMetric(input: { code: "minutes", eventType: "talk", aggregation: SUM, property: "minutes" }) { __typename }
      createPrice(input: { metric: "minutes", asset: "USD", model: GRADUATED,
        tiers: [{ upTo: "20", unitAmount: "0" }, { upTo: "50", unitAmount: "0.5" }, { unitAmount: "0.25", flatAmount: "2" }] }) { __typename }
    }`);
    expect(data.createPrice.__typename).toBe('CreatePricePayload');
    await grant(one.ask, '100', 'tiers');
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        record(either(at), {
          customer: { externalId: 'tiers' },
          eventId: `talk-${at}`,
          type: 'talk',
          properties: { minutes: (at % 3) + 1 },
        }),
      ),
    );
    const amounts = outcomes.map(({ charges }) => Number(charges[0].amount));
    // 120 minutes: 20 free, 30 at 0.5, 70 at 0.25 and 2 once.
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(34.5);
    const usage = await two.ask(
      '{ customer(ref: { externalId: "tiers" }) { usage(metric: "minutes") { quantity charged } } }',
    );
    expect(usage.data.customer.usage).toEqual([{ quantity: '120', charged: '34.5' }]);
  });

  test('take exactly 10 of 100 charges at once on a balance of 10', async () => {
    const charges = Array.from({ length: 100 }, (_, at) =>
      record(either(at), { eventId: `at-once-${at}` }),
    );
    const outcomes = await Promise.all(charges);
    const recorded = outcomes.filter(({ __typename }) => __typename === 'UsageRecorded');
    const refused = outcomes.filter(({ __typename }) => __typename === 'InsufficientFundsError');
    expect([recorded.length, refused.length]).toEqual([10, 90]);
    for (const outcome of recorded)
      expect(outcome).toMatchObject({ duplicate: false, charges: [{ amount: '1' }] });
    for (const outcome of refused) {
      expect(outcome).toEqual({
        __typename: 'InsufficientFundsError',
        code: 'INSUFFICIENT_FUNDS',
        retryable: false,
        available: '0',
        required: '1',
        shortfall: '1',
        asset: { code: 'USD' },
        wallet: { id: walletId },
      });
    }
    for (const { ask } of [one, two]) {
      const wallet = await readWallet(ask);
      expect(wallet.balance).toEqual({ settled: '0', available: '0' });
      const sequences = wallet.entries.edges.map(
        (edge: { node: { sequence: number } }) => edge.node.sequence,
      );
      expect(sequences).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    }
  });

  test('record an event once that both are sent at the same time, 50 times over', async () => {
    await grant(one.ask, '50');
    const pairs = Array.from({ length: 50 }, (_, at) => {
      const event = { eventId: `twice-${at}`, properties: { at } };
      return Promise.all([record(one.ask, event), record(two.ask, event)]);
    });
    for (const [first, second] of await Promise.all(pairs)) {
      expect([first.duplicate, second.duplicate].sort()).toEqual([false, true]);
      expect(first.event).toEqual(second.event);
      expect(first.charges).toEqual(second.charges);
    }
    expect((await readWallet(two.ask)).balance.settled).toBe('0');
  });

  test('use a price at once that was made through the other one', async () => {
    await grant(one.ask, '100');
    // Both have the catalogue in memory by now.
    for (const { ask, name } of [
      { ...one, name: 'one' },
      { ...two, name: 'two' },
    ]) {
      expect(await record(ask, { eventId: `known-${name}` })).toMatchObject({
        charges: [{ amount: '1' }],
      });
    }
    for (const [at, unitAmount] of ['2', '3', '4', '5', '6'].entries()) {
      await either(at)(
        `mutation ($input: CreatePriceInput!) { createPrice(input: $input) { __typename } }`,
        { input: { metric: 'calls', asset: 'USD', unitAmount, dimensions: { tier: `t${at}` } } },
      );
      const event = { eventId: `priced-${at}`, properties: { tier: `t${at}` } };
      expect(await record(either(at + 1), event)).toMatchObject({
        charges: [{ amount: unitAmount }],
      });
    }
  });

  test('both turn a revoked key away within two seconds', async () => {
    const { data } = await one.ask(`mutation { createApiKey(input: { name: "Short-lived" }) {
      ... on CreateApiKeyPayload { secret apiKey { id } }
    } }`);
    const { secret, apiKey } = data.createApiKey;
    const statusAt = async ({ ask }: ChildApi) =>
      (await ask('{ organization { id } }', {}, secret)).status;
    expect([await statusAt(one), await statusAt(two)]).toEqual([200, 200]);
    await one.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }', {
      id: apiKey.id,
    });
    const revokedAt = performance.now();
    expect(await statusAt(one)).toBe(401);
    let lastAccepted = 0;
    for (let askedAt = revokedAt; (await statusAt(two)) === 200; askedAt = performance.now()) {
      lastAccepted = askedAt - revokedAt;
    }
    expect(lastAccepted).toBeLessThan(2_000);
    expect(await statusAt(two)).toBe(401);
  });

  test('show a subscriber of the one what the other one changes, in order and to the end', async () => {
    await one.ask('mutation { createCustomer(input: { externalId: "watched" }) { __typename } }');
    const wallet = await grant(two.ask, '100', 'watched');
    const socket = createClient({
      url: `${one.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${KEY}` },
    });
    sockets.push(socket);
    const updates = socket.iterate<{
      balanceChanged: { version: number; balance: { settled: string } };
    }>({
      query:
        'subscription ($id: ID!) { balanceChanged(walletId: $id) { version balance { settled } } }',
      variables: { id: wallet.id },
    });
    const next = async () => (await updates.next()).value?.data?.balanceChanged;
    expect(await next()).toEqual({ version: wallet.version, balance: { settled: '100' } });

    const customer = { externalId: 'watched' };
    const charging = (async () => {
      for (let at = 0; at < 40; at += 1)
        await record(two.ask, { customer, eventId: `watched-${at}` });
      await grant(two.ask, '0.5', 'watched');
    })();
    const versions: number[] = [wallet.version];
    let settled: string | undefined;
    // The last change is the only one that makes a broken number of dollars.
    while (settled !== '60.5') {
      const update = await next();
      versions.push(update?.version ?? 0);
      settled = update?.balance.settled;
    }
    await charging;
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(versions.length).toBeGreaterThan(2);
    expect(versions.at(-1)).toBe((await readWallet(two.ask, wallet.id)).version);
  });
});
