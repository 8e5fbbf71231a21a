import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exact, exact, fraction, min, ZERO } from '../../../src/kit/decimal.ts';
import { evenOut, moneyOf, shareOf } from '../../../src/payments/refunds/shares.ts';

const SEED = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));

interface Share {
  readonly amount: Exact;
  credit: Exact;
  bonus: Exact;
}

/** So much credit for 10 dollars, in whole ones. */
const tenFor = (credit: string) => ({
  ...{ paid: exact('10'), credit: exact(credit), bonus: ZERO },
});

const claim = (amount: string, credit: string): Share => ({
  ...{ amount: exact(amount), credit: exact(credit), bonus: ZERO },
});

describe('Claims that stand', () => {
  it('leave what rounding gave them with the last of the money, when it is not the last any more', () => {
    expect(evenOut(tenFor('1'), [claim('5', '1')], 'credit', 0)).toEqual([ZERO]);
  });

  it('take what they lack by their own money, the last first', () => {
    const claims = [claim('6', '0'), claim('3', '0')];
    expect(evenOut(tenFor('10'), claims, 'credit', 0)).toEqual([exact('6'), exact('3')]);
    const more = [claim('8', '5'), claim('8', '0')];
    expect(evenOut(tenFor('10'), more, 'credit', 0)).toEqual([exact('5'), exact('5')]);
  });

  it(`have what their money makes together, whatever comes, fails and is added (seed ${SEED})`, () => {
    const step = fc.record({ amount: fc.integer({ min: 1, max: 12 }), fails: fc.nat(5) });
    const credits = fc.record({ first: fc.nat(30), more: fc.nat(30) });
    fc.assert(
      fc.property(credits, fc.array(step, { maxLength: 10 }), ({ first, more }, steps) => {
        let claims: Share[] = [];
        for (const [index, { amount, fails }] of steps.entries()) {
          const isAll = index > steps.length / 2;
          const credited = {
            ...{ paid: exact(isAll ? '20' : '10'), bonus: ZERO },
            credit: exact(isAll ? first + more : first),
          };
          claims = claims.filter((_, place) => place !== fails);
          const money = exact(amount);
          claims.push({ amount: money, ...shareOf(credited, claims, money, 0) });
          const parts = evenOut(credited, claims, 'credit', 0);
          claims = claims.map((one, place) => ({ ...one, credit: parts[place] ?? ZERO }));
          const back = min(moneyOf(claims), credited.paid);
          const all = fraction(credited.credit, back, credited.paid, 0);
          expect(parts.reduce((sum, part) => sum + part, ZERO)).toBe(all);
          expect(parts.every((part) => part >= ZERO)).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
