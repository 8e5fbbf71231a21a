import { describe, expect, test } from 'vitest';
import { createManualClock, DAY_MS, HOUR_MS, SECOND_MS } from '../../src/kit/clock.ts';
import { nextDelayMs, RETRY_DELAYS_MS, readRetryAfter } from '../../src/webhooks/retry.ts';

const ATTEMPTS = RETRY_DELAYS_MS.map((_, index) => index + 1);

function scheduleWith(random: () => number): number[] {
  return ATTEMPTS.map((attempt) => nextDelayMs({ attempt, retryAfterMs: null }, random) ?? 0);
}

describe('the schedule', () => {
  test('takes three days and not four, whatever chance adds', () => {
    const sum = (delays: number[]) => delays.reduce((total, delay) => total + delay, 0);
    expect(sum(scheduleWith(() => 0))).toBeGreaterThan(3 * DAY_MS);
    expect(sum(scheduleWith(() => 0.999_999))).toBeLessThan(4 * DAY_MS);
  });

  test('waits longer each time', () => {
    const delays = scheduleWith(() => 0);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays[0]).toBe(5 * SECOND_MS);
  });

  test('adds up to a quarter by chance, so that receivers do not get everything at once', () => {
    expect(nextDelayMs({ attempt: 9, retryAfterMs: null }, () => 0)).toBe(24 * HOUR_MS);
    expect(nextDelayMs({ attempt: 9, retryAfterMs: null }, () => 0.5)).toBe(27 * HOUR_MS);
  });

  test('ends after the tenth attempt', () => {
    expect(nextDelayMs({ attempt: 10, retryAfterMs: null }, () => 0)).toBeNull();
    expect(nextDelayMs({ attempt: 10, retryAfterMs: HOUR_MS }, () => 0)).toBeNull();
  });

  test('is stretched by what the receiver asks for, and never shortened', () => {
    expect(nextDelayMs({ attempt: 1, retryAfterMs: HOUR_MS }, () => 0)).toBe(HOUR_MS);
    expect(nextDelayMs({ attempt: 9, retryAfterMs: HOUR_MS }, () => 0)).toBe(24 * HOUR_MS);
  });
});

describe('retry-after', () => {
  const clock = createManualClock(new Date('2026-03-01T12:00:00Z'));

  test.each([
    [429, '120', 120 * SECOND_MS],
    [502, '1', SECOND_MS],
    [503, ' 7 ', 7 * SECOND_MS],
    [504, 'Sun, 01 Mar 2026 12:01:30 GMT', 90 * SECOND_MS],
    [429, 'Sun, 01 Mar 2026 11:00:00 GMT', 0],
    [429, '9999999999', DAY_MS],
    [429, 'Mon, 01 Mar 2027 12:00:00 GMT', DAY_MS],
    [429, 'soon', null],
    [429, '-5', null],
    [429, '1.5', null],
    [429, '', null],
    [429, undefined, null],
    [500, '120', null],
    [404, '120', null],
  ])('of a %i that says %j is %j ms', (status, header, expected) => {
    expect(readRetryAfter(status, header, clock)).toBe(expected);
  });
});
