import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLease } from '../../src/sdk/open-lease.ts';
import type { LeaseOptions } from '../../src/sdk/sdk.js';
import { KEY } from '../support/api.ts';
import { freePort } from '../support/free-port.ts';
import { eventOf, holdsOf } from '../support/holds.ts';
import { leaseOf, untilCharged } from '../support/leases.ts';
import { type Bank, openBank } from '../support/money.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { until } from '../support/until.ts';

// How a lease is opened, and what it does not let happen.

let bank: Bank;
let good: LeaseOptions;

beforeAll(async () => {
  bank = await openBank();
  await bank.customer('acme');
  await bank.grant('acme', '100');
  const customer = { externalId: 'acme' };
  good = { url: bank.api.url, key: KEY, customer, asset: 'USD', block: '5', lowWater: '2' };
});
afterAll(() => bank?.stop());

describe('options', () => {
  test.each([
    [{ url: 'localhost:4000' }, 'url: Give an address'],
    [{ key: '' }, 'key: Must not be empty'],
    [{ customer: {} }, 'customer: Give its id or its externalId'],
    [{ customer: { id: 'customer_1', externalId: 'acme' } }, 'customer: '],
    [{ asset: '' }, 'asset: Give an asset, or a metric and a quantity'],
    [{ asset: undefined, metric: 'units' }, 'quantity: Goes with a metric'],
    [{ block: 5 }, 'block: Write a plain decimal string'],
    [{ block: '0' }, 'block: Must be above zero'],
    [{ block: '5.0000000000001' }, 'block: More decimal places'],
    [{ lowWater: '5' }, 'lowWater: Must be below the block, which is 5'],
    [{ lowWater: '-1' }, 'lowWater: Must be above zero'],
    [{ ttlSeconds: 86_401 }, 'ttlSeconds: A whole number from 2 to 86400'],
    [{ ttlSeconds: 1 }, 'ttlSeconds: '],
    [{ flushEveryMs: -1 }, 'flushEveryMs: '],
    [{ maxWaiting: 0 }, 'maxWaiting: '],
  ])('%j are refused before anything is asked', async (wrong, message) => {
    const error = await openLease({ ...good, ...wrong } as LeaseOptions).catch((it) => it);
    expect(error).toMatchObject({ name: 'LeaseError', code: 'BAD_OPTIONS' });
    expect(error.message).toContain(message);
  });

  test.each([
    [{ customer: { externalId: 'nobody' } }, 'NOT_FOUND'],
    [{ asset: 'GOLD' }, 'NOT_FOUND'],
    [{ block: '5.001', asset: 'CENTS' }, 'SCALE_EXCEEDED'],
  ])('what the server refuses is a value: %j', async (wrong, refused) => {
    await bank.asset({ code: 'CENTS', scale: 2 });
    expect(await openLease({ ...good, ...wrong } as LeaseOptions)).toEqual({
      refused,
      message: expect.any(String),
    });
  });

  test('a wrong key and a server that is not there reject', async () => {
    const wrongKey = openLease({ ...good, key: 'sk_test_of_nobody_at_all_whatsoever_1234567' });
    await expect(wrongKey).rejects.toMatchObject({ code: 'REJECTED' });
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(openLease({ ...good, url })).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  test('an amount that is none is a mistake of the caller', async () => {
    const lease = await leaseOf(bank.api.url, 'acme');
    for (const amount of ['-1', '1e3', '', 0.5]) {
      expect(() => lease.tryTake(amount as string)).toThrow(/is not an amount/);
    }
    await lease.close();
  });
});

test("an event that the API could not read is refused where it is reported, and is in nobody's way", async () => {
  const lease = await leaseOf(bank.api.url, 'acme');
  const good = eventOf(1);
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  for (const wrong of [
    { ...good, eventId: 5 },
    { ...good, type: undefined },
    { ...good, subject: {} },
    { ...good, occurredAt: 'yesterday' },
    { ...good, properties: [] },
    { ...good, properties: circular },
    null,
  ]) {
    expect(() => lease.report(wrong as never, '1')).toThrow(
      expect.objectContaining({ name: 'LeaseError', code: 'BAD_EVENT' }),
    );
  }
  expect(lease.waiting).toBe(0);
  expect(lease.tryTake('1')).toBe(true);
  lease.report({ ...good, nobodyKnows: 'this' } as typeof good, '1');
  await untilCharged(lease);
  expect(await lease.close()).toEqual({ released: true, unreported: [] });
});

test('a closed lease says no to everything', async () => {
  const lease = await leaseOf(bank.api.url, 'acme');
  const closing = lease.close();
  expect(lease.tryTake('1')).toBe(false);
  expect(lease.remaining).toBe('0');
  expect(() => lease.report(eventOf(1), '1')).toThrow(/closed/);
  expect(lease.close()).toBe(closing);
  await closing;
});

test('a key that may write holds and nothing else will do', async () => {
  const issued = await bank.api.services.access.issueKey({
    organization: 'Default',
    mode: null,
    name: 'leases',
    scopes: ['hold:write'],
  });
  const key = 'secret' in issued ? issued.secret : '';
  const lease = await leaseOf(bank.api.url, 'acme', { key });
  expect(lease.tryTake('1')).toBe(true);
  lease.report(eventOf(1), '1');
  await untilCharged(lease);
  expect(await lease.close()).toEqual({ released: true, unreported: [] });
});

test('no more waits than may, and nothing of it is lost', async () => {
  await bank.customer('bounded');
  await bank.grant('bounded', '10');
  const proxy = await startRecordingProxy(bank.api.url);
  const lease = await leaseOf(proxy.url, 'bounded', { maxWaiting: 3 });
  const letPass = proxy.keep();
  for (let n = 0; n < 3; n += 1) {
    expect(lease.tryTake('0.1')).toBe(true);
    lease.report(eventOf('0.1'), '0.1');
  }
  expect(lease.tryTake('0.1')).toBe(false);
  letPass();
  await until('something can be taken again', async () => lease.tryTake('0.1'));
  lease.giveBack('0.1');
  await lease.close();
  expect((await bank.balance('bounded')).available).toBe('9.7');
  await proxy.stop();
});

test('a lease of a metric spends the grants that are for nothing else', async () => {
  await bank.customer('scoped');
  await bank.grant('scoped', '10', { scope: { metrics: ['units'] } });
  const general = await leaseOf(bank.api.url, 'scoped');
  expect(general.remaining).toBe('0');
  await general.close();
  const lease = await openLease({
    ...good,
    customer: { externalId: 'scoped' },
    asset: undefined as never,
    metric: 'units',
    quantity: '1',
  });
  if ('refused' in lease) throw new Error(lease.message);
  await until('the block is full', async () => lease.remaining === '5');
  expect(lease.tryTake('5')).toBe(true);
  lease.report(eventOf(5), '5');
  await lease.close();
  expect(await holdsOf(bank).balance('scoped')).toMatchObject({ settled: '5', held: '0' });
});
