import { expect, test } from 'vitest';
import { createSlowLane } from '../../src/webhooks/slow-lane.ts';

test('who finds no place comes back later the more there are, within half a minute', () => {
  const lane = createSlowLane(50);
  const waits = Array.from({ length: 3_000 }, () => lane.comeBackMs());
  // A second, and one more for each fifty before; the loop itself takes some milliseconds.
  expect(waits[0]).toBe(1_020);
  expect(waits[49]).toBeGreaterThan(1_900);
  expect(waits[49]).toBeLessThanOrEqual(2_000);
  expect(waits[999]).toBeGreaterThan(20_000);
  expect(waits[999]).toBeLessThanOrEqual(21_000);
  expect(waits.at(-1)).toBe(30_000);
});
