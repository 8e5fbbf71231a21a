import { expect, test } from 'vitest';
import type { BurnRate } from '../../src/alerts/rule.ts';
import { BUCKET_MS, burnRate, projectedEmpty } from '../../src/alerts/spend.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/kit/clock.ts';
import { exact, MAX_AMOUNT } from '../../src/kit/decimal.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');

const RULE: BurnRate = {
  kind: 'BURN_RATE',
  multiple: exact(5),
  windowMinutes: 60,
  trailingHours: 24,
  minimum: exact(1),
};

/** What was spent so many minutes ago. */
const ago = (minutes: number, amount: number | string) => {
  const ms = NOW.getTime() - minutes * MINUTE_MS;
  return { startMs: ms - (ms % BUCKET_MS), amount: exact(amount) };
};

const spend = (...buckets: ReturnType<typeof ago>[]) => {
  const oldestFirst = [...buckets].sort((a, b) => a.startMs - b.startMs);
  return { buckets: oldestFirst, sinceMs: oldestFirst[0]?.startMs ?? null };
};

test('the step under way is the last of the window, and the one an hour before its end is before it', () => {
  // Twelve steps of five minutes: the first began 55 minutes ago.
  const within = burnRate(RULE, spend(ago(300, 1), ago(55, 7)), NOW);
  expect(within?.observed).toBe(exact(7));
  const before = burnRate(RULE, spend(ago(300, 1), ago(60, 7)), NOW);
  expect(before?.observed).toBe(0n);
});

test('the average is that of the trailing time, or of the time since the wallet first spent', () => {
  // 24 windows before the one that began 55 minutes ago; the oldest spend is from before them.
  const long = burnRate(RULE, spend(ago(55 + 48 * 60, 1), ago(55 + 60, 24), ago(0, 6)), NOW);
  expect(long).toEqual({ isCrossed: true, threshold: exact(5), observed: exact(6) });
  const short = burnRate(RULE, spend(ago(55 + 120, 24), ago(0, 60)), NOW);
  expect(short).toEqual({ isCrossed: false, threshold: exact(60), observed: exact(60) });
});

test('without a past there is nothing to compare with', () => {
  expect(burnRate(RULE, spend(), NOW)).toBeNull();
  expect(burnRate(RULE, spend(ago(0, 1_000_000)), NOW)).toBeNull();
  expect(projectedEmpty(24, spend(), exact(1), NOW)).toBeNull();
});

test('after a silence longer than the trailing time any spend above the minimum is a runaway', () => {
  const silent = (amount: number) => burnRate(RULE, spend(ago(60 * 48, 9), ago(0, amount)), NOW);
  expect(silent(1)?.isCrossed).toBe(false);
  expect(silent(2)?.isCrossed).toBe(true);
});

test('a projection goes by the last day, and by an hour at least', () => {
  const daily = spend(ago(60 * 30, 1_000), ago(60 * 12, 48));
  expect(projectedEmpty(10, daily, exact(20), NOW)).toMatchObject({
    isCrossed: false,
    threshold: exact(20),
  });
  expect(projectedEmpty(10, daily, exact('19.99'), NOW)?.isCrossed).toBe(true);
  expect(projectedEmpty(10, spend(ago(0, 2)), exact(20), NOW)?.threshold).toBe(exact(20));
  const old = new Date(NOW.getTime() + 30 * HOUR_MS);
  expect(projectedEmpty(10, spend(ago(0, 2)), exact(1), old)).toBeNull();
});

test('figures beyond what can be stored are the most that can be', () => {
  const most = { startMs: ago(10, 0).startMs, amount: MAX_AMOUNT };
  const projected = projectedEmpty(8_760, { buckets: [most], sinceMs: most.startMs }, 1n, NOW);
  expect(projected).toMatchObject({ isCrossed: true, threshold: MAX_AMOUNT });
});
