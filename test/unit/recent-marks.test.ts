import { expect, test } from 'vitest';
import { createRecentMarks } from '../../src/kit/recent-marks.ts';

const CAPACITY = 10_000;
const SEED = 'seed 1';

test('the last marks are all there, and hardly anything that was never marked', () => {
  const marks = createRecentMarks(CAPACITY);
  for (let number = 0; number < 3 * CAPACITY; number += 1) {
    marks.mark(`${SEED} customer ${number % 7}`, `event ${number}`);
    const lately = number - (CAPACITY - 1);
    if (lately >= 0) {
      expect(marks.has(`${SEED} customer ${lately % 7}`, `event ${lately}`)).toBe(true);
    }
  }
  let wrong = 0;
  for (let number = 0; number < CAPACITY; number += 1) {
    if (marks.has(`${SEED} customer ${number % 7}`, `another ${number}`)) wrong += 1;
  }
  expect(wrong).toBeLessThan(CAPACITY / 150);
});

test('what was marked long ago is forgotten', () => {
  const marks = createRecentMarks(CAPACITY);
  marks.mark('acme', 'first');
  for (let number = 0; number < 2 * CAPACITY; number += 1) marks.mark('acme', `event ${number}`);
  expect(marks.has('acme', 'first')).toBe(false);
});

test('the two parts of a mark do not run together', () => {
  const marks = createRecentMarks(CAPACITY);
  marks.mark('a', 'bc');
  expect(marks.has('a', 'bc')).toBe(true);
  expect(marks.has('bc', 'a')).toBe(false);
});
