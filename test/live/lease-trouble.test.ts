import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LeaseError, LeaseOptions } from '../../src/sdk/sdk.js';
import { eventOf, holdsOf } from '../support/holds.ts';
import { leaseOf, untilCharged } from '../support/leases.ts';
import { type Bank, openBank } from '../support/money.ts';
import { type RecordingProxy, startRecordingProxy } from '../support/recording-proxy.ts';
import { until } from '../support/until.ts';

// What a lease does when whoever answers is in trouble, or is not the server at all, and what it tells its owner.

let bank: Bank;
let holds: ReturnType<typeof holdsOf>;
let proxy: RecordingProxy;
let who: string;
let count = 0;

beforeAll(async () => {
  bank = await openBank();
  holds = holdsOf(bank);
});
afterAll(() => bank?.stop());
beforeEach(async () => {
  count += 1;
  who = await bank.customer(`customer-${count}`);
  await bank.grant(who, '20');
  proxy = await startRecordingProxy(bank.api.url);
});
afterEach(() => proxy.stop());

const open = (more: Partial<LeaseOptions> = {}) => leaseOf(proxy.url, who, more);

const STRANGER = { eventId: 'stranger', type: 'nobody-counts-this' };

describe('a server that asks for time', () => {
  test('by a date is given it', async () => {
    const lease = await open({ lowWater: '0.1' });
    const headers = {
      date: 'Wed, 21 Oct 2026 07:28:00 GMT',
      'retry-after': 'Wed, 21 Oct 2026 07:28:02 GMT',
    };
    proxy.answer('CaptureFromBlock', { status: 503, headers });
    const startedMs = performance.now();
    expect(lease.tryTake('1')).toBe(true);
    lease.report(eventOf(1), '1');
    await untilCharged(lease);
    expect(performance.now() - startedMs).toBeGreaterThan(2_000);
    expect(proxy.count('CaptureFromBlock')).toBe(2);
    await lease.close();
  });

  test('in no way that anybody understands is not asked without a pause', async () => {
    const lease = await open({ lowWater: '0.1' });
    const nonsense = ['soon', '-5', 'Wed, 21 Oct 2015 07:28:00 GMT', '1.5e3'];
    for (const text of nonsense) {
      proxy.answer('CaptureFromBlock', { status: 503, headers: { 'retry-after': text } });
    }
    const startedMs = performance.now();
    expect(lease.tryTake('1')).toBe(true);
    lease.report(eventOf(1), '1');
    await untilCharged(lease);
    expect(performance.now() - startedMs).toBeGreaterThan(100 + 200 + 400 + 800);
    expect(proxy.count('CaptureFromBlock')).toBe(nonsense.length + 1);
    await lease.close();
  });
});

describe('an answer that is none of ours', () => {
  test.each([
    ...['null', 'true', '"ok"', '[]', '5', '{}', '{"errors":{}}', '<html>'],
    ...['{"data":{"result":null}}', '{"data":{"result":true}}', '{"data":"ok"}'],
    '{"data":{"result":{"hold":{"id":"hold_1","status":"OPEN","held":"lots"}}}}',
  ])('stops nothing, and its owner is told: %s', async (text) => {
    const troubles: LeaseError[] = [];
    const lease = await open({ lowWater: '0.1', onTrouble: (error) => troubles.push(error) });
    for (const operation of ['CaptureFromBlock', 'ReleaseBlock']) proxy.answer(operation, { text });
    expect(lease.tryTake('1')).toBe(true);
    lease.report(eventOf(1), '1');
    await untilCharged(lease);
    expect(troubles).toEqual([expect.objectContaining({ name: 'LeaseError', code: 'REJECTED' })]);
    expect(await lease.close()).toEqual({ released: true, unreported: [] });
    expect(await holds.balance(who)).toEqual({ settled: '19', held: '0', available: '19' });
  });

  test('to the first request rejects, as any that says nothing', async () => {
    for (const text of ['null', '{"data":{"result":true}}']) {
      proxy.answer('PlaceBlock', { text });
      await expect(open()).rejects.toMatchObject({ name: 'LeaseError', code: 'REJECTED' });
    }
  });
});

describe('an event that is refused', () => {
  test('is told to somebody, and left with its owner', async () => {
    const troubles: LeaseError[] = [];
    const lease = await open({ onTrouble: (error) => troubles.push(error) });
    for (const event of [eventOf(1), STRANGER]) {
      expect(lease.tryTake('1')).toBe(true);
      lease.report(event, '1');
    }
    await untilCharged(lease);
    await until('its owner was told', async () => troubles.length > 0);
    expect(troubles).toEqual([expect.objectContaining({ code: 'REJECTED' })]);
    expect(troubles[0]?.message).toMatch(/stranger.*\(EVENT_TYPE_UNKNOWN\)/);
    expect(await lease.close()).toEqual({ released: true, unreported: [STRANGER] });
    expect(await holds.balance(who)).toEqual({ settled: '19', held: '0', available: '19' });
  });

  test('is one of the last that may wait, so that memory has an end', async () => {
    const lease = await open({ maxWaiting: 2, onRefused: () => undefined });
    for (const eventId of ['a', 'b', 'c']) {
      lease.report({ ...STRANGER, eventId }, '0');
      await untilCharged(lease);
    }
    const { unreported } = await lease.close();
    expect(unreported.map(({ eventId }) => eventId)).toEqual(['b', 'c']);
  });
});

test('a lease is closed within ten seconds, be the server silent or slow, and says what it leaves', async () => {
  const silent = await open({ lowWater: '0.1' });
  const slowWay = await startRecordingProxy(bank.api.url);
  const slow = await leaseOf(slowWay.url, who, { lowWater: '0.1' });
  proxy.keep();
  slowWay.slowDown(3_000);
  expect(silent.tryTake('1')).toBe(true);
  const event = eventOf(1);
  silent.report(event, '1');
  for (let n = 0; n < 500; n += 1) slow.report(eventOf('0.001'), '0');
  await until('a request is under way', async () => proxy.count('CaptureFromBlock') > 0);
  const startedMs = performance.now();
  const [ofSilent, ofSlow] = await Promise.all([silent.close(), slow.close()]);
  expect(performance.now() - startedMs).toBeLessThan(15_000);
  expect(ofSilent).toEqual({ released: false, unreported: [event] });
  expect(ofSlow.released).toBe(false);
  expect(ofSlow.unreported.length).toBeGreaterThan(0);
  expect(ofSlow.unreported.length).toBeLessThan(500);
  await slowWay.stop();
});
