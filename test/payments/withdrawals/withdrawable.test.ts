import { describe, expect, it } from 'vitest';
import { exact, plain } from '../../../src/kit/decimal.ts';
import { noClaim, type Refund } from '../../../src/payments/refunds/claim.ts';
import { withdrawable } from '../../../src/payments/withdrawals/withdrawable.ts';

const credited = (paid: string, credit: string, bonus = '0') => ({
  ...{ paid: exact(paid), credit: exact(credit), bonus: exact(bonus) },
});
const left = (credit: string, bonus = '0') => ({ credit: exact(credit), bonus: exact(bonus) });
const NONE = { refunds: [], disputes: [] };

function refunded(amount: string, credit: string, bonus = '0'): Refund {
  return {
    ...noClaim(exact(amount), 'WRITE_OFF'),
    ...{ credit: exact(credit), bonus: exact(bonus) },
    ...{ id: 'any' as Refund['id'], ref: 're', status: 'SUCCEEDED' },
    ...{ withdrawalId: null, isWithheld: false },
  };
}

const most = (...args: Parameters<typeof withdrawable>) => plain(withdrawable(...args));

describe('What can be withdrawn', () => {
  it('is all where nothing was spent, and in proportion where something was', () => {
    expect(most(credited('10', '1000'), NONE, left('1000'), 0, 2)).toBe('10');
    expect(most(credited('10', '1000'), NONE, left('333'), 0, 2)).toBe('3.33');
    expect(most(credited('10', '3'), NONE, left('1'), 0, 2)).toBe('3.33');
  });

  it('is never more than the credit stands for, however coarse that is', () => {
    expect(most(credited('10', '1'), NONE, left('0'), 0, 2)).toBe('0');
    expect(most(credited('10', '3'), NONE, left('2'), 0, 2)).toBe('6.66');
  });

  it('is no more than the share of what was given on top is there for', () => {
    expect(most(credited('10', '1000', '200'), NONE, left('1000', '100'), 0, 2)).toBe('5');
    expect(most(credited('10', '1000', '200'), NONE, left('500', '200'), 0, 2)).toBe('5');
  });

  it('is all of the rest after a part went back, to the last cent', () => {
    const returns = { refunds: [refunded('3.33', '1')], disputes: [] };
    expect(most(credited('10', '3'), returns, left('2'), 0, 2)).toBe('6.67');
    expect(most(credited('10', '3'), returns, left('1'), 0, 2)).toBe('3.33');
  });
});
