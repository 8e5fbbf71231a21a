import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exact, fraction, min, ZERO } from '../../src/kit/decimal.ts';
import { judge } from '../../src/payments/judge.ts';
import type { ProviderPayment, ProviderPaymentStatus } from '../../src/payments/provider.ts';

/** `DRAWDOWN_SEED=123 npx vitest run test/payments/judge.test.ts` repeats a run. */
const SEED = Number(process.env.DRAWDOWN_SEED ?? Math.floor(Math.random() * 2 ** 31));
process.stderr.write(`What providers say is judged with DRAWDOWN_SEED=${SEED}\n`);

const ASSETS = { currency: 'USD', creditScale: 2 };

const ASKED = {
  status: 'PENDING' as ProviderPaymentStatus,
  amount: exact('20'),
  tax: ZERO,
  paid: ZERO,
  credit: exact('2000'),
  bonus: exact('200'),
  failure: null,
  actionUrl: null,
};

type Books = typeof ASKED & { credited: bigint; given: bigint };

function objectOf(changes: Partial<ProviderPayment> = {}): ProviderPayment {
  return {
    ref: 'ref',
    paymentId: null,
    status: 'PENDING',
    currency: 'USD',
    paid: ZERO,
    tax: ZERO,
    refunds: [],
    disputes: [],
    method: null,
    failure: null,
    actionUrl: null,
    ...changes,
  };
}

/** What the books say once a provider's object was looked at. */
function look(books: Books, object: ProviderPayment): Books {
  const verdict = judge(books, object, ASSETS);
  return {
    ...books,
    ...{ status: verdict.status, tax: verdict.tax, paid: books.paid + verdict.paid },
    credited: books.credited + verdict.credit,
    given: books.given + verdict.bonus,
  };
}

const OPENED: Books = { ...ASKED, credited: ZERO, given: ZERO };

describe('What a provider says of a payment', () => {
  it.each([
    ['PENDING', 'AUTHORIZED', 'AUTHORIZED'],
    ['AUTHORIZED', 'PENDING', 'AUTHORIZED'],
    ['AUTHORIZED', 'FAILED', 'FAILED'],
    ['FAILED', 'PENDING', 'FAILED'],
    ['FAILED', 'CANCELED', 'FAILED'],
    ['CANCELED', 'SETTLED', 'SETTLED'],
    ['EXPIRED', 'SETTLED', 'SETTLED'],
  ] as const)(
    'makes of one that is %s and is told to be %s one that is %s',
    (before, told, after) => {
      const object = objectOf({ status: told, paid: told === 'SETTLED' ? exact('20') : ZERO });
      expect(look({ ...OPENED, status: before }, object).status).toBe(after);
    },
  );

  it('credits nothing for another currency, and notes it', () => {
    const object = objectOf({ status: 'SETTLED', currency: 'EUR', paid: exact('20') });
    const verdict = judge(ASKED, object, ASSETS);
    expect(verdict).toMatchObject({ status: 'PENDING', paid: ZERO, credit: ZERO, bonus: ZERO });
    expect(verdict.mismatches).toEqual([{ kind: 'CURRENCY', expected: '20 USD', found: '20 EUR' }]);
  });

  it('credits nothing for what is not there, whatever it is said to be', () => {
    const object = objectOf({ status: 'SETTLED', paid: ZERO });
    expect(judge(ASKED, object, ASSETS)).toMatchObject({ status: 'PENDING', credit: ZERO });
  });

  it('takes nothing back where less is said to be paid than was, and notes it', () => {
    const settled = look(OPENED, objectOf({ status: 'SETTLED', paid: exact('20') }));
    const verdict = judge(settled, objectOf({ status: 'SETTLED', paid: exact('5') }), ASSETS);
    expect(verdict).toMatchObject({ status: 'SETTLED', paid: ZERO, credit: ZERO });
    expect(verdict.mismatches).toEqual([{ kind: 'NOT_PAID', expected: '20 USD', found: '5 USD' }]);
  });

  it('gives no more on top than was promised, and credits what is paid beyond it', () => {
    const books = look(OPENED, objectOf({ status: 'SETTLED', paid: exact('30') }));
    expect(books).toMatchObject({ credited: exact('3000'), given: exact('200') });
  });

  it('comes to the same in any order, however often it is told: 10,000 histories', () => {
    const cents = fc.integer({ min: 0, max: 6_000 }).map((n) => exact(n) / 100n);
    const step = fc.record({
      status: fc.constantFrom('PENDING', 'AUTHORIZED', 'SETTLED', 'FAILED', 'CANCELED', 'EXPIRED'),
      more: cents,
      currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
    });
    const history = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => {
      let paid = ZERO;
      return steps.map(({ status, more, currency }) => {
        // Money that is there does not go away: what is given back is said apart.
        if (status === 'SETTLED' && currency === 'USD') paid += more;
        return objectOf({
          status: status as ProviderPaymentStatus,
          currency,
          paid: currency === 'USD' ? paid : more,
        });
      });
    });
    const told = history.chain((objects) =>
      fc.record({
        objects: fc.constant(objects),
        order: fc.array(fc.nat(objects.length - 1), { minLength: 0, maxLength: 12 }),
      }),
    );
    fc.assert(
      fc.property(told, ({ objects, order }) => {
        const seen = [...order.map((index) => objects[index]), ...objects];
        const books = seen.reduce((so, object) => (object ? look(so, object) : so), OPENED);
        const settled = objects.filter(
          ({ status, currency }) => status === 'SETTLED' && currency === 'USD',
        );
        const paid = settled.at(-1)?.paid ?? ZERO;
        expect(books.paid).toBe(paid);
        expect(books.status === 'SETTLED').toBe(paid > ZERO);
        expect(books.credited).toBe(fraction(ASKED.credit, paid, ASKED.amount, 2));
        expect(books.given).toBe(min(fraction(ASKED.bonus, paid, ASKED.amount, 2), ASKED.bonus));
      }),
      { seed: SEED, numRuns: 10_000, verbose: true },
    );
  });
});
