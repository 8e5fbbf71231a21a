import { expect, test } from 'vitest';
import { createShortCache } from '../../src/access/short-cache.ts';
import { createManualClock } from '../../src/kit/clock.ts';

function fixture(maxEntries = 10) {
  const clock = createManualClock(new Date('2026-03-01T00:00:00Z'));
  const keep = (value: number | null) => value !== null;
  const cache = createShortCache<number | null>({ clock, ttlMs: 1_000, maxEntries, keep });
  let loads = 0;
  const load = async () => {
    loads += 1;
    return loads;
  };
  return { clock, cache, load, loads: () => loads };
}

test('an answer is used until it is a second old, and never longer', async () => {
  const { clock, cache, load } = fixture();
  expect(await cache.get('a', load)).toBe(1);
  clock.advance(999);
  expect(await cache.get('a', load)).toBe(1);
  clock.advance(1);
  expect(await cache.get('a', load)).toBe(2);
});

test('a clock that was set back makes nothing live longer', async () => {
  const { clock, cache, load } = fixture();
  await cache.get('a', load);
  clock.advance(-60_000);
  expect(await cache.get('a', load)).toBe(2);
});

test('those who ask at the same time share one load', async () => {
  const { cache, load, loads } = fixture();
  const answers = await Promise.all(Array.from({ length: 20 }, () => cache.get('a', load)));
  expect(new Set(answers)).toEqual(new Set([1]));
  expect(loads()).toBe(1);
});

test('what was not found, and what failed, is asked for again', async () => {
  const { cache, load } = fixture();
  expect(await cache.get('a', async () => null)).toBe(null);
  expect(await cache.get('a', load)).toBe(1);
  const failure = new Error('the database is away');
  await expect(cache.get('b', () => Promise.reject(failure))).rejects.toBe(failure);
  expect(await cache.get('b', load)).toBe(2);
});

test('clearing drops a load that is under way, too', async () => {
  const { cache, load } = fixture();
  let finish = (_value: number) => {};
  const slow = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const early = cache.get('a', () => slow);
  cache.clear();
  finish(99);
  expect(await early).toBe(99);
  expect(await cache.get('a', load)).toBe(1);
});

test('the oldest answers go when there are too many', async () => {
  const { cache, load } = fixture(2);
  await cache.get('a', load);
  await cache.get('b', load);
  await cache.get('c', load);
  expect(await cache.get('b', load)).toBe(2);
  expect(await cache.get('a', load)).toBe(4);
});

test('what was known is good for longer while the database is away, until it is back', async () => {
  const clock = createManualClock(new Date('2026-03-01T00:00:00Z'));
  const options = { clock, ttlMs: 1_000, inOutageMs: 60_000, maxEntries: 10, keep: () => true };
  const cache = createShortCache<number>(options);
  const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  await cache.get('a', async () => 1);
  clock.advance(30_000);
  expect(await Promise.all([cache.get('a', away), cache.get('a', away)])).toEqual([1, 1]);
  clock.advance(29_999);
  expect(await cache.get('a', away)).toBe(1);
  await expect(cache.get('b', away)).rejects.toThrow('away');
  clock.advance(1_000);
  await expect(cache.get('a', away)).rejects.toThrow('away');
  expect(await cache.get('a', async () => 2)).toBe(2);
  clock.advance(1_000);
  await expect(cache.get('a', () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
});
