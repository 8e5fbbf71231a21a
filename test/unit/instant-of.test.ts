import { fromUUID } from 'typeid-js';
import { v4, v7 } from 'uuid';
import { expect, test } from 'vitest';
import { instantOf } from '../../src/kit/ids.ts';

test('an id says when its thing was made', () => {
  const msecs = Date.UTC(2031, 4, 1, 12, 30, 15, 123);
  expect(instantOf(fromUUID(v7({ msecs }), 'wallet'))).toEqual(new Date(msecs));
});

test.each([fromUUID(v4(), 'wallet'), 'wallet_nonsense', ''])('%j does not say when', (text) => {
  expect(instantOf(text)).toBeNull();
});
