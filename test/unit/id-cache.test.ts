import { expect, test } from 'vitest';
import { createIdCache } from '../../src/customers/id-cache.ts';
import { newId } from '../../src/kit/ids.ts';

test('the customer who was asked for least recently is forgotten first', () => {
  const cache = createIdCache(2);
  const [a, b, c] = [newId('customer'), newId('customer'), newId('customer')];
  cache.put('a', a);
  cache.put('b', b);
  expect(cache.get('a')).toBe(a);
  cache.put('c', c);
  expect(cache.get('b')).toBe(null);
  expect(cache.get('a')).toBe(a);
  expect(cache.get('c')).toBe(c);
});

test('putting a customer twice does not push out another', () => {
  const cache = createIdCache(2);
  const [a, b] = [newId('customer'), newId('customer')];
  cache.put('a', a);
  cache.put('b', b);
  cache.put('b', b);
  expect(cache.get('a')).toBe(a);
});
