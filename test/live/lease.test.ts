import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { verifyLaws } from '../../src/laws/verify.ts';
import type { LeaseOptions } from '../../src/sdk/sdk.js';
import { eventOf, holdsOf } from '../support/holds.ts';
import { leaseOf, untilCharged } from '../support/leases.ts';
import { type Bank, openBank } from '../support/money.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';
import { until } from '../support/until.ts';

let bank: Bank;
let holds: ReturnType<typeof holdsOf>;
let db: Db;
let proxy: RecordingProxy;
let who: string;
let count = 0;

beforeAll(async () => {
  bank = await openBank();
  holds = holdsOf(bank);
  db = createDb({ url: bank.api.databaseUrl, poolSize: 1, onIdleError: () => undefined });
});
afterAll(async () => {
  await db?.close();
  await bank?.stop();
});
beforeEach(async () => {
  count += 1;
  who = await bank.customer(`customer-${count}`);
  proxy = await startRecordingProxy(bank.api.url);
});
afterEach(async () => {
  await proxy.stop();
  const { laws } = await verifyLaws(db);
  expect(laws.filter(({ ok }) => !ok)).toEqual([]);
});

const open = (more: Partial<LeaseOptions> = {}) => leaseOf(proxy.url, who, more);

const LATER = { flushEveryMs: 3_600_000 };

describe('a lease decides by itself', () => {
  test('as long as its block lasts, and asks nobody', async () => {
    await bank.grant(who, '100');
    const lease = await open({ lowWater: '0.5', ...LATER });
    for (let take = 0; take < 1000; take += 1) expect(lease.tryTake('0.0045')).toBe(true);
    expect(lease.remaining).toBe('0.5');
    expect(lease.tryTake('0.500000000001')).toBe(false);
    expect(lease.tryTake('0')).toBe(true);
    expect(proxy.passed.map(({ operation }) => operation)).toEqual(['PlaceBlock']);
    await lease.close();
  });

  test('of what others cannot spend', async () => {
    await bank.grant(who, '6');
    const lease = await open(LATER);
    expect(await holds.balance(who)).toEqual({ settled: '6', held: '5', available: '1' });
    expect(await bank.use(who, 'use', { properties: { n: 2 } })).toMatchObject({
      __typename: 'InsufficientFundsError',
    });
    expect(lease.tryTake('5')).toBe(true);
    await lease.close();
  });

  test('and takes what was given back again', async () => {
    await bank.grant(who, '5');
    const lease = await open(LATER);
    expect(lease.tryTake('5')).toBe(true);
    expect(lease.tryTake('0.1')).toBe(false);
    lease.giveBack('5');
    expect(lease.remaining).toBe('5');
    await lease.close();
  });
});

describe('a block is refilled', () => {
  test('below the mark, once, whatever is taken at the same time', async () => {
    await bank.grant(who, '100');
    const lease = await open(LATER);
    const letPass = proxy.keep();
    for (let take = 0; take < 1000; take += 1) expect(lease.tryTake('0.004')).toBe(true);
    expect(proxy.count('ExtendBlock')).toBe(0);
    await until('a refill is under way', async () => proxy.count('ExtendBlock') > 0);
    for (let take = 0; take < 100; take += 1) expect(lease.tryTake('0.005')).toBe(true);
    letPass();
    await until('the block is full', async () => lease.remaining === '4.5');
    expect(proxy.passed.slice(1)).toEqual([
      { operation: 'ExtendBlock', input: expect.objectContaining({ amount: '9' }) },
    ]);
    expect(proxy.mostAtOnce()).toBe(1);
    expect(await holds.balance(who)).toMatchObject({ held: '9', available: '91' });
    await lease.close();
  });

  test('by what is missing when some of it was charged already', async () => {
    await bank.grant(who, '100');
    const lease = await open();
    expect(lease.tryTake('4')).toBe(true);
    lease.report(eventOf(4), '4');
    await untilCharged(lease);
    await until('the block is full', async () => lease.remaining === '5');
    expect(await holds.balance(who)).toEqual({ settled: '96', held: '5', available: '91' });
    await lease.close();
  });
});

describe('what was used is charged', () => {
  test('for what it cost, whatever was taken for it', async () => {
    await bank.grant(who, '100');
    const lease = await open({ lowWater: '0.1' });
    expect(lease.tryTake('2')).toBe(true);
    expect(lease.tryTake('1')).toBe(true);
    lease.report(eventOf('2.5'), '2');
    lease.report(eventOf('0.25'), '1');
    await untilCharged(lease);
    expect(lease.remaining).toBe('2.25');
    expect(await holds.balance(who)).toEqual({ settled: '97.25', held: '2.25', available: '95' });
    await lease.close();
  });

  test('a hundred at a time, and what the block was not used for is free again', async () => {
    await bank.grant(who, '10');
    const lease = await open({ lowWater: '0.001', ...LATER });
    for (let take = 0; take < 250; take += 1) {
      expect(lease.tryTake('0.01')).toBe(true);
      lease.report(eventOf('0.01'), '0.01');
    }
    expect(await lease.close()).toEqual({ released: true, unreported: [] });
    const captures = proxy.passed.filter(({ operation }) => operation === 'CaptureFromBlock');
    expect(captures.map(({ input }) => input.events.length)).toEqual([100, 100, 50]);
    expect(await holds.balance(who)).toEqual({ settled: '7.5', held: '0', available: '7.5' });
  });

  test('but what cannot be, which its owner is told, alone', async () => {
    await bank.grant(who, '10');
    const refused: unknown[] = [];
    const lease = await open({ onRefused: (event, why) => refused.push([event, why.refused]) });
    const stranger = { eventId: 'stranger', type: 'nobody-counts-this' };
    for (const event of [eventOf(1), stranger, eventOf(1)]) {
      expect(lease.tryTake('1')).toBe(true);
      lease.report(event, '1');
    }
    await untilCharged(lease);
    expect(await lease.close()).toEqual({ released: true, unreported: [stranger] });
    expect(refused).toEqual([[stranger, 'EVENT_TYPE_UNKNOWN']]);
    expect(await holds.balance(who)).toEqual({ settled: '8', held: '0', available: '8' });
  });

  test('once, whichever answers are lost', async () => {
    await bank.grant(who, '20');
    for (const operation of ['PlaceBlock', 'CaptureFromBlock', 'ExtendBlock', 'ReleaseBlock']) {
      proxy.loseAnswer(operation);
    }
    const lease = await open({ lowWater: '4' });
    expect(lease.tryTake('3')).toBe(true);
    lease.report(eventOf(3), '3');
    await untilCharged(lease);
    await until('the block is full', async () => lease.remaining === '5');
    expect(await holds.balance(who)).toEqual({ settled: '17', held: '5', available: '12' });
    expect(await lease.close()).toEqual({ released: true, unreported: [] });
    expect(await holds.balance(who)).toEqual({ settled: '17', held: '0', available: '17' });
    const { holds: placed } = await bank.look(who, 'holds { edges { node { status } } }');
    expect(placed.edges).toEqual([{ node: { status: 'RELEASED' } }]);
  });

  test('once, when it is reported twice', async () => {
    await bank.grant(who, '10');
    const lease = await open();
    const event = eventOf(1);
    for (let again = 0; again < 3; again += 1) {
      expect(lease.tryTake('1')).toBe(true);
      lease.report(event, '1');
      if (again < 2) continue;
      await untilCharged(lease);
    }
    await lease.close();
    expect(await holds.balance(who)).toEqual({ settled: '9', held: '0', available: '9' });
  });
});
