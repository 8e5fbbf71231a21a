import { expect, test } from 'vitest';
import { isBalanceUpdate } from '../../src/live/balance-update.ts';

const whose = { organizationId: 'an organization', customerId: 'a customer' };
const figures = { settled: '1', held: '0', available: '1', pending: '0' };
const update = { ...whose, walletId: 'a wallet', version: 1, balance: figures, cause: null };
const isUpdate = (at: unknown) => isBalanceUpdate({ ...update, at }, whose);

test('an instant is one that can be shown, whatever was heard before', () => {
  for (const at of ['', undefined, null, 0, 'now', '2026-03-32T00:00:00.000Z']) {
    expect(isUpdate(at)).toBe(false);
  }
  expect(isUpdate('2026-03-01T00:00:00.000Z')).toBe(true);
  expect(isUpdate('2026-03-01T00:00:00.000Z')).toBe(true);
  expect(isUpdate('')).toBe(false);
  expect(isUpdate('2026-03-32T00:00:00.000Z')).toBe(false);
});
