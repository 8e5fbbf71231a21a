import { expect, test } from 'vitest';
import {
  checksumOf,
  generateSecret,
  hintOf,
  isChosenKey,
  isPlausibleKey,
} from '../../src/access/api-key.ts';

const RANDOM_PART = /^(?:sk|rk)_(?:live|test)_([0-9A-Za-z]{32})[0-9A-Za-z]{6}$/;

test('a key says what it is: secret or restricted, live or test', () => {
  expect(generateSecret('SECRET', 'LIVE')).toMatch(/^sk_live_/);
  expect(generateSecret('SECRET', 'TEST')).toMatch(/^sk_test_/);
  expect(generateSecret('RESTRICTED', 'LIVE')).toMatch(/^rk_live_/);
  expect(generateSecret('RESTRICTED', 'TEST')).toMatch(/^rk_test_/);
});

test('a key has at least 190 bits: 32 places, each of which takes all 62 characters', () => {
  const seen = Array.from({ length: 32 }, () => new Set<string>());
  const keys = Array.from({ length: 3_000 }, () => generateSecret('SECRET', 'TEST'));
  for (const key of keys) {
    const random = RANDOM_PART.exec(key)?.[1] ?? '';
    seen.forEach((characters, place) => {
      characters.add(random.charAt(place));
    });
  }
  expect(new Set(keys).size).toBe(keys.length);
  expect(seen.map((characters) => characters.size)).toEqual(Array(32).fill(62));
  expect(32 * Math.log2(62)).toBeGreaterThan(190);
});

test('the checksum finds every single wrong character and every swap of two neighbours', () => {
  const key = generateSecret('SECRET', 'LIVE');
  expect(isPlausibleKey(key)).toBe(true);
  for (let place = 'sk_live_'.length; place < key.length; place += 1) {
    const other = key.charAt(place) === 'x' ? 'y' : 'x';
    expect(isPlausibleKey(key.slice(0, place) + other + key.slice(place + 1))).toBe(false);
    const [a, b] = [key.charAt(place), key.charAt(place + 1)];
    if (b === '' || a === b) continue;
    expect(isPlausibleKey(key.slice(0, place) + b + a + key.slice(place + 2))).toBe(false);
  }
});

test('the checksum covers the prefix: a test key cannot be passed off as a live one', () => {
  const key = generateSecret('SECRET', 'TEST');
  expect(isPlausibleKey(key.replace('sk_test_', 'sk_live_'))).toBe(false);
  expect(isPlausibleKey(key.replace('sk_test_', 'rk_test_'))).toBe(false);
});

test('the checksum of a known text never changes, so that keys outlive releases', () => {
  expect(checksumOf('sk_test_0123456789ABCDEFGHIJKLMNOPQRSTUV')).toBe('3bN14w');
});

test.each([
  ['no text after the prefix', 'sk_', false],
  ['31 characters', `sk_${'a'.repeat(28)}`, false],
  ['32 characters', `sk_${'a'.repeat(29)}`, true],
  ['marks in it', `sk_${'my-own.secret/with:marks!'.repeat(2)}`, true],
  ['the prefix of a restricted key', `rk_${'a'.repeat(40)}`, false],
  ['the prefix of another company', `pk_${'a'.repeat(40)}`, false],
  ['more than 4096 characters', `sk_${'a'.repeat(4_094)}`, false],
])('whether an operator may choose a secret key with %s', (_case, text, allowed) => {
  expect(isChosenKey(text)).toBe(allowed);
  expect(isPlausibleKey(text)).toBe(allowed);
});

test('the hint gives away the prefix and the last four characters, and nothing else', () => {
  const key = generateSecret('RESTRICTED', 'LIVE');
  expect(hintOf(key)).toBe(`rk_live_...${key.slice(-4)}`);
  expect(hintOf('sk_chosen-by-an-operator-0123456789')).toBe('sk_...6789');
});
