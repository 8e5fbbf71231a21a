import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placesOf, quoteExchange } from '../../src/catalog/exchange/quote.ts';
import { worthOf } from '../../src/catalog/exchange/worth.ts';
import { type Exact, exact, LIMIT, ONE, plain } from '../../src/kit/decimal.ts';

const USD = { id: 'usd', kind: 'FIAT', scale: 12, minorUnits: 2 } as const;
const CREDIT = { id: 'credit', kind: 'CUSTOM', scale: 1, minorUnits: 0 } as const;

describe('an amount is quoted', () => {
  // Worked out by hand: amount x rate, then half-even.
  test.each([
    ['25', '100', 1, '2500', 'NONE'],
    ['19.99', '100', 1, '1999', 'NONE'],
    ['1250', '0.01', 2, '12.5', 'NONE'],
    ['1250', '0.009', 12, '11.25', 'NONE'],
    ['33', '0.0333', 2, '1.1', 'UP'], // 1.0989
    ['7', '0.0333', 2, '0.23', 'DOWN'], // 0.2331
    ['0.5', '0.01', 2, '0', 'DOWN'], // 0.005, halfway: to the even cent
    ['1.5', '0.01', 2, '0.02', 'UP'], // 0.015, halfway
    ['2.5', '0.01', 2, '0.02', 'DOWN'], // 0.025, halfway
    ['0.000000000001', '0.5', 12, '0', 'DOWN'], // half of the least there is
    ['0.000000000003', '0.5', 12, '0.000000000002', 'UP'],
    ['1', '0.000000000001', 12, '0.000000000001', 'NONE'],
    ['3', '0.333333333333', 12, '0.999999999999', 'NONE'], // a third is not exact, and nobody turns it round
    ['1000', '149.5', 0, '149500', 'NONE'],
    ['0', '100', 2, '0', 'NONE'],
    ['-0.5', '0.01', 2, '0', 'UP'],
    ['-1.5', '0.01', 2, '-0.02', 'DOWN'],
  ])('%s at %s, to %i places', (amount, rate, places, worth, rounding) => {
    const quoted = quoteExchange(exact(amount), exact(rate), places);
    expect({ ...quoted, worth: plain(quoted.worth) }).toEqual({ worth, places, rounding });
  });

  test('money is paid in minor units; what is spent, and credits, have the scale of their asset', () => {
    expect(placesOf('TOP_UP', USD)).toBe(2);
    expect(placesOf('SPEND', USD)).toBe(12);
    expect([placesOf('TOP_UP', CREDIT), placesOf('SPEND', CREDIT)]).toEqual([1, 1]);
  });
});

const steps = fc.bigInt({ min: 0n, max: LIMIT / 10n ** 12n });
const rates = fc.bigInt({ min: 1n, max: 10n ** 24n - 1n });
const scales = fc.integer({ min: 0, max: 12 });

/** How far what was quoted is from the exact product, in steps of 10^-24. */
function errorOf(amount: Exact, rate: Exact, places: number): bigint {
  return quoteExchange(amount, rate, places).worth * ONE - amount * rate;
}

describe('whatever the amount and the rate', () => {
  test('what is quoted is the nearest that there is, and of two the even one', () => {
    fc.assert(
      fc.property(steps, rates, scales, (amount, rate, places) => {
        const { worth, rounding } = quoteExchange(amount, rate, places);
        const step = 10n ** BigInt(12 - places);
        const error = errorOf(amount, rate, places);
        const distance = error < 0n ? -error : error;
        expect(worth % step).toBe(0n);
        expect(distance * 2n).toBeLessThanOrEqual(step * ONE);
        if (distance * 2n === step * ONE) expect((worth / step) % 2n).toBe(0n);
        expect(rounding).toBe(error === 0n ? 'NONE' : error > 0n ? 'UP' : 'DOWN');
      }),
    );
  });

  test('exactly half of the least step is quoted to the even side', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (n) => {
        const { worth } = quoteExchange((2n * n + 1n) * ONE, exact('0.005'), 2);
        expect((worth / exact('0.01')) % 2n).toBe(0n);
      }),
    );
  });

  test('more is never worth less', () => {
    fc.assert(
      fc.property(steps, steps, rates, scales, (a, b, rate, places) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const worth = (amount: Exact) => quoteExchange(amount, rate, places).worth;
        expect(worth(less)).toBeLessThanOrEqual(worth(more));
      }),
    );
  });

  test('a debt is worth as much below zero as the same credit is above', () => {
    fc.assert(
      fc.property(steps, rates, scales, (amount, rate, places) => {
        expect(quoteExchange(-amount, rate, places).worth).toBe(
          -quoteExchange(amount, rate, places).worth,
        );
      }),
    );
  });
});

test('a wallet is worth what it counts for when it is spent, and in its own asset what it holds', () => {
  const balance = { settled: exact('-12.5'), available: exact('87.5') };
  const at = new Date(0);
  const inForce = { id: 'fx', rate: exact('0.009'), effectiveAt: at, validUntil: null };
  const worth = worthOf(balance, USD, inForce, at);
  expect(worth && [plain(worth.settled), plain(worth.available)]).toEqual(['-0.1125', '0.7875']);
  expect(worth).toMatchObject({ assetId: 'usd', exchangeRateId: 'fx', rate: exact('0.009') });
  const own = worthOf(balance, CREDIT, 'OWN', at);
  expect(own).toMatchObject({ ...balance, exchangeRateId: null, rate: ONE });
  expect(worthOf(balance, USD, null, at)).toBeNull();
});
