import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ask, KEY, setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type EventStream, openEventStream } from '../support/sse.ts';

// Two API processes on one Redis that goes away in every way: charges do not wait for it, and whoever
// watches at the other process sees every balance all the same.

let database: TestDatabase;
let redis: TestRedis;
let one: TestApi;
let two: TestApi;
let walletId: string;
let charged = 0;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  const options = { databaseUrl: database.url, redisUrl: redis.url };
  one = await startApi(options);
  two = await startApi(options);
  ({ walletId } = await setUpCalls(one.ask, 'acme', '1000'));
});
afterAll(async () => {
  await one?.stop();
  await two?.stop();
  await redis?.stop();
  await database?.drop();
});

/** Charges one dollar; the balance as the charge has left it. */
async function charge(ask: Ask): Promise<string> {
  charged += 1;
  const { data } = await ask(
    `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
      __typename ... on UsageRecorded { balances { balance { available } } }
    } }`,
    { input: { customer: { externalId: 'acme' }, eventId: `call-${charged}`, type: 'api.call' } },
  );
  expect(data.recordUsage.__typename).toBe('UsageRecorded');
  return data.recordUsage.balances[0].balance.available;
}

function watch(api: TestApi): Promise<EventStream> {
  const query = `subscription ($id: ID!) { balanceChanged(walletId: $id) { balance { available } } }`;
  return openEventStream(api.url, query, { id: walletId }, KEY);
}

async function readUntil(stream: EventStream, available: string): Promise<void> {
  let seen: string | undefined;
  while (seen !== available) {
    const event = (await stream.next()) as {
      data: { balanceChanged: { balance: { available: string } } };
    };
    seen = event.data.balanceChanged.balance.available;
  }
}

async function live(api: TestApi) {
  const response = await fetch(`${api.url}/readyz`);
  const { ready, checks } = (await response.json()) as {
    ready: boolean;
    checks: Record<string, string>;
  };
  const metrics = await (await fetch(`${api.url}/metrics`)).text();
  const gauge = /^drawdown_live_degraded (\d)$/m.exec(metrics)?.[1];
  return { status: response.status, ready, live: checks.live, gauge };
}

const OK = { status: 200, ready: true, live: 'ok', gauge: '0' };
const DEGRADED = { status: 200, ready: true, live: 'DEGRADED', gauge: '1' };

/** Both say so; what they say is up to a second old. */
async function untilBoth(wanted: typeof OK): Promise<void> {
  for (const api of [one, two]) {
    while (JSON.stringify(await live(api)) !== JSON.stringify(wanted));
  }
}

describe('two API processes whose Redis', () => {
  it('works tell each other, and say that all is well', async () => {
    await untilBoth(OK);
    const stream = await watch(two);
    await readUntil(stream, await charge(one.ask));
    await stream.close();
  });

  it('hangs go on charging and telling, and say that they are degraded', async () => {
    const stream = await watch(two);
    await readUntil(stream, await charge(one.ask));
    redis.freeze();
    // Nobody has noticed yet, and still these are answered while Redis answers nothing.
    for (let at = 0; at < 20; at += 1) await charge(one.ask);
    await untilBoth(DEGRADED);
    const available = await charge(one.ask);
    await readUntil(stream, available);
    // Redis has had no part in any of it: it hangs to this moment.
    redis.thaw();
    await untilBoth(OK);
    await readUntil(stream, await charge(one.ask));
    await stream.close();
  });

  it('is killed and comes back empty do the same', async () => {
    const stream = await watch(two);
    await redis.kill9();
    await untilBoth(DEGRADED);
    const newcomer = await watch(two);
    const available = await charge(one.ask);
    await Promise.all([readUntil(stream, available), readUntil(newcomer, available)]);
    await redis.restart();
    await untilBoth(OK);
    const last = await charge(one.ask);
    await Promise.all([readUntil(stream, last), readUntil(newcomer, last)]);
    await Promise.all([stream.close(), newcomer.close()]);
  });

  it('is away start without it, and join when it arrives', async () => {
    await redis.kill9();
    const late = await startApi({ databaseUrl: database.url, redisUrl: redis.url });
    expect(await live(late)).toEqual(DEGRADED);
    const stream = await watch(late);
    await readUntil(stream, await charge(late.ask));
    await readUntil(stream, await charge(one.ask));
    await redis.restart();
    while ((await live(late)).live !== 'ok');
    await readUntil(stream, await charge(one.ask));
    await stream.close();
    await late.stop();
  });
});

it('a process without Redis is never degraded', async () => {
  const alone = await startApi({ databaseUrl: database.url });
  expect(await live(alone)).toEqual(OK);
  await alone.stop();
});
