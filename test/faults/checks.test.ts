import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ask, setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Gate, openGate } from '../support/gate.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

// Checks are answered from memory at one process while another one charges: with Redis, without it, and
// while the database is away.

let database: TestDatabase;
let redis: TestRedis;
let gate: Gate;
let charging: TestApi;
let checking: TestApi;
let charged = 0;

beforeAll(async () => {
  [database, redis] = await Promise.all([createTestDatabase(), startRedis()]);
  gate = await openGate(database.url);
  charging = await startApi({ databaseUrl: database.url, redisUrl: redis.url });
  checking = await startApi({ databaseUrl: gate.url, redisUrl: redis.url });
  await setUpCalls(charging.ask, 'acme', '1000');
});
afterAll(async () => {
  await checking?.stop();
  await charging?.stop();
  await gate?.shut();
  await redis?.stop();
  await database?.drop();
});

const CHECK = `query ($input: CanConsumeInput!) { canConsume(input: $input) { outcome reason available asOf } }`;

async function check(ask: Ask, input: object = {}) {
  const call = { customer: { externalId: 'acme' }, metric: 'calls', quantity: '1' };
  const { data, errors } = await ask(CHECK, { input: { ...call, ...input } });
  expect(errors).toBeUndefined();
  return data.canConsume;
}

/** Charges one dollar; what is left of them. */
async function charge(): Promise<string> {
  charged += 1;
  const { data } = await charging.ask(
    `mutation ($input: UsageEventInput!) { recordUsage(input: $input) { __typename } }`,
    { input: { customer: { externalId: 'acme' }, eventId: `call-${charged}`, type: 'api.call' } },
  );
  expect(data.recordUsage.__typename).toBe('UsageRecorded');
  return String(1000 - charged);
}

const untilLeft = (left: string) =>
  until(`the check knows of ${left}`, async () => (await check(checking.ask)).available === left);

async function customersRead(): Promise<number> {
  const metrics = await (await fetch(`${checking.url}/metrics`)).text();
  return Number(/^drawdown_standings_read_total (\d+)$/m.exec(metrics)?.[1]);
}

async function untilLive(live: string): Promise<void> {
  await until(`live is ${live}`, async () => {
    const response = await fetch(`${checking.url}/readyz`);
    return ((await response.json()) as { checks: { live: string } }).checks.live === live;
  });
}

describe('checks at another process', () => {
  test('are answered from memory until something changes', async () => {
    await untilLive('ok');
    await untilLeft('1000');
    let before = Number.NaN;
    // A connection to Redis that has just been made, or made anew, may cost a reading in between.
    await until('fifty checks read nothing', async () => {
      before = await customersRead();
      const answers = await Promise.all(Array.from({ length: 50 }, () => check(checking.ask)));
      expect(new Set(answers.map(({ available }) => available))).toEqual(new Set(['1000']));
      return (await customersRead()) === before;
    });
    await untilLeft(await charge());
    expect(await customersRead()).toBeGreaterThan(before);
  });

  // Each would take five seconds if nothing but the comparison of versions told of it.
  test('hear of every charge', async () => {
    for (let at = 0; at < 20; at += 1) await untilLeft(await charge());
  });

  test('are read anew every second while Redis is away', async () => {
    await redis.kill9();
    await untilLive('DEGRADED');
    for (let at = 0; at < 3; at += 1) await untilLeft(await charge());
    await redis.restart();
    await untilLive('ok');
    await untilLeft(await charge());
  });

  test('are answered as the caller chose where nothing is known and the database is away', async () => {
    const unknown = { customer: { externalId: 'unknown' } };
    const known = await check(checking.ask);
    expect(known).toMatchObject({ outcome: 'ALLOW', reason: null });
    await gate.shut();
    expect(await check(checking.ask)).toMatchObject({
      outcome: 'ALLOW',
      available: known.available,
    });
    expect(await check(checking.ask, unknown)).toMatchObject({
      outcome: 'DENY',
      reason: 'UNAVAILABLE',
    });
    expect(await check(checking.ask, { ...unknown, onUnavailable: 'ALLOW' })).toMatchObject({
      outcome: 'ALLOW',
      reason: 'UNAVAILABLE',
      available: null,
    });
    // What was read before is still what is known when it would be read again.
    const left = await charge();
    await until(
      'it is known that it has changed',
      async () => (await check(checking.ask)).reason === 'UNAVAILABLE',
    );
    await gate.open();
    await untilLeft(left);
    expect(await check(checking.ask, unknown)).toMatchObject({ reason: 'CUSTOMER_NOT_FOUND' });
  });
});
