import { expect, test } from 'vitest';
import { createMeanwhile } from '../../src/entitlements/meanwhile.ts';
import type { StoredStanding } from '../../src/entitlements/read-standings.ts';
import { isNewer } from '../../src/entitlements/standing.ts';

const standing = {
  customerId: 'acme',
  organizationId: 'org',
  wallets: [],
  versions: new Map([['w', 3]]),
} as unknown as StoredStanding;

const update = (walletId: string, version: unknown) => ({
  customerId: 'acme',
  walletId,
  version: version as number,
});

test.each([
  ['an older version', update('w', 2), false],
  ['the same version', update('w', 3), false],
  ['a newer version', update('w', 4), true],
  ['a wallet that was just opened', update('x', 0), true],
  ['no version at all', update('w', undefined), true],
  ['text', update('w', '2'), true],
  ['no number', update('w', Number.NaN), true],
])('%s is told of as newer or not', (_what, told, newer) => {
  expect(isNewer(standing, told)).toBe(newer);
});

test('what is heard while a read is under way counts, and what was heard before does not', () => {
  const meanwhile = createMeanwhile();
  meanwhile.hear(update('w', 4));
  meanwhile.miss();
  meanwhile.begin();
  expect(meanwhile.isCurrent(standing)).toBe(true);
  meanwhile.hear(update('w', 3));
  meanwhile.hear({ ...update('w', 9), customerId: 'another' });
  expect(meanwhile.isCurrent(standing)).toBe(true);
  meanwhile.hear(update('w', 4));
  expect(meanwhile.isCurrent(standing)).toBe(false);
  meanwhile.begin();
  expect(meanwhile.isCurrent(standing)).toBe(true);
  meanwhile.miss();
  expect(meanwhile.isCurrent(standing)).toBe(false);
});
