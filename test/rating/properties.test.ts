import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exact, plain } from '../../src/kit/decimal.ts';
import { shopOf } from './terms.ts';

const RUNS = { numRuns: 300 };

/** Quantities with up to three places, small enough to meet the boundaries below. */
const quantity = fc.integer({ min: 1, max: 20_000 }).map((milli) => plain(exact(milli) / 1_000n));
const quantities = fc.array(quantity, { minLength: 1, maxLength: 12 });

const amount = fc.integer({ min: 0, max: 30_000 }).map((steps) => plain(exact(steps) / 10_000n));
const packageSize = fc.constantFrom('1', '1', '0.5', '7');

const tiers = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
    fc.array(fc.record({ unitAmount: amount, flatAmount: amount }), { minLength: 5, maxLength: 5 }),
  )
  .map(([bounds, amounts]) => {
    const ascending = bounds.sort((a, b) => a - b).map(String);
    return [...ascending, null].map((upTo, at) => ({ upTo, ...amounts[at] }));
  });

const sum = (values: readonly string[]) =>
  plain(values.reduce((total, value) => total + exact(value), 0n));
const events = (values: readonly string[]) => values.map((n) => ({ n }));

describe('rated one by one in any order', () => {
  test('graduated tiers cost what their total costs, to the last digit', () => {
    const scale = fc.constantFrom(0, 2, 6);
    const order = fc.array(fc.nat(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(
        tiers,
        packageSize,
        quantities,
        order,
        scale,
        (steps, size, given, keys, places) => {
          const terms = { model: 'GRADUATED' as const, tiers: steps, packageSize: size };
          const shop = shopOf(terms, { scale: places });
          const shuffled = given
            .map((value, at) => [keys[at] ?? 0, value] as const)
            .sort(([a], [b]) => a - b)
            .map(([, value]) => value);
          const atOnce = shop.total({ n: sum(given) });
          expect(shop.total(...events(given))).toBe(atOnce);
          expect(shop.total(...events(shuffled))).toBe(atOnce);
        },
      ),
      RUNS,
    );
  });

  test('volume tiers never cost less than their total, nor more than its dearest moment', () => {
    fc.assert(
      fc.property(tiers, quantities, (steps, given) => {
        const shop = shopOf({ model: 'VOLUME', tiers: steps });
        const totals = given.map((_, at) => exact(shop.total({ n: sum(given.slice(0, at + 1)) })));
        const dearest = totals.reduce((most, each) => (each > most ? each : most), 0n);
        expect(shop.total(...events(given))).toBe(plain(dearest));
        expect(shop.charge(...events(given)).every((each) => exact(each) >= 0n)).toBe(true);
      }),
      RUNS,
    );
  });

  test('so many events cost what they were estimated to cost, whatever was used before', () => {
    const model = fc.constantFrom('GRADUATED' as const, 'VOLUME' as const);
    const multiply = fc.constantFrom('1', '3', '0.5');
    const [others, count] = [fc.nat({ max: 30 }), fc.integer({ min: 1, max: 40 })];
    fc.assert(
      fc.property(model, tiers, multiply, others, count, (by, steps, each, before, then) => {
        const conversion = { multiply: exact(each), divide: exact(1), rounding: 'NONE' as const };
        const counting = { aggregation: 'COUNT' as const, property: null, conversion };
        const { estimated, charged } = shopOf({ model: by, tiers: steps }, counting).onTop(
          before,
          then,
        );
        expect(estimated).toBe(charged);
      }),
      RUNS,
    );
  });

  test('what each event costs by itself costs the same in any order', () => {
    const model = fc.constantFrom(
      { unitAmount: '0.0125' },
      { unitAmount: '3', packageSize: '7' },
      { model: 'PERCENTAGE' as const, percent: '2.9', fixedAmount: '0.3', maximumAmount: '0.5' },
      { model: 'GIVEN' as const },
      { model: 'FLAT' as const, flatAmount: '0.25' },
    );
    fc.assert(
      fc.property(model, quantities, (terms, given) => {
        const shop = shopOf(terms);
        const alone = given.map((n) => shop.total({ n }));
        expect(shop.charge(...events(given))).toEqual(alone);
        expect(shop.total(...events([...given].reverse()))).toBe(sum(alone));
      }),
      RUNS,
    );
  });
});
