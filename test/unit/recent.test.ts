import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecent } from '../../src/kit/recent.ts';

const CAPACITY = 4;
const aStep = fc.record({
  key: fc.integer({ min: 0, max: 12 }).map((number) => `key ${number}`),
  isSet: fc.boolean(),
});

test('what was used last is kept, as many as there is room for, and nothing else comes back', () => {
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 60 }), (steps) => {
      const recent = createRecent<number>(CAPACITY);
      const latest = new Map<string, number>();
      // The keys that are there, the one used last at the end.
      let used: string[] = [];
      for (const [number, { key, isSet }] of steps.entries()) {
        if (isSet) {
          recent.set(key, number);
          latest.set(key, number);
        }
        const found = recent.get(key);
        if (used.slice(-CAPACITY).includes(key) || isSet) expect(found).toBe(latest.get(key));
        else expect([undefined, latest.get(key)]).toContain(found);
        used = used.filter((other) => other !== key);
        if (found !== undefined) used.push(key);
      }
    }),
  );
});

test('what has not been used for twice as many others is forgotten', () => {
  const recent = createRecent<number>(CAPACITY);
  recent.set('first', 1);
  for (let number = 0; number < 2 * CAPACITY; number += 1) recent.set(`key ${number}`, number);
  expect(recent.get('first')).toBeUndefined();
});
