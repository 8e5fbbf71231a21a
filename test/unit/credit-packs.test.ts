import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packDocument, readPack, storedPack } from '../../src/catalog/packs/definition.ts';
import { quotePack } from '../../src/catalog/packs/quote.ts';
import { createChecker } from '../../src/kit/check.ts';
import { exact, plain } from '../../src/kit/decimal.ts';

const PACK = { asset: 'CREDIT', amount: '1000', priceAsset: 'USD', price: '9.99' };
const STEPS = {
  discounts: [
    { quantity: 5, percent: '10' },
    { quantity: 20, percent: '12.5' },
  ],
  bonuses: [{ quantity: 10, percent: '3.33' }],
};
const SCALES = { creditScale: 0, priceMinorUnits: 2 };

function faults(raw: unknown): string[] {
  const check = createChecker();
  readPack(check, '', raw);
  return (check.fault()?.issues ?? []).map(({ path, code }) => `${path} ${code}`);
}

describe('a number of packs is quoted', () => {
  // Worked out by hand: n x 9.99, less the discount, to the cent half-even; bonus to the credit half-even.
  test.each([
    [1, '1000', '0', '9.99', '0', '9.99'],
    [4, '4000', '0', '39.96', '0', '39.96'],
    [5, '5000', '0', '49.95', '10', '44.96'], // 44.955
    [9, '9000', '0', '89.91', '10', '80.92'], // 80.919
    [10, '10000', '333', '99.9', '10', '89.91'],
    [15, '15000', '500', '149.85', '10', '134.86'], // 134.865; 499.5
    [20, '20000', '666', '199.8', '12.5', '174.82'], // 174.825
    [100, '100000', '3330', '999', '12.5', '874.12'], // 874.125
  ])('%i of them', (quantity, amount, bonus, listPrice, discountPercent, price) => {
    const quote = quotePack(storedPack({ ...PACK, ...STEPS }), quantity, SCALES);
    const texts = Object.entries(quote).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? plain(value) : value,
    ]);
    expect(Object.fromEntries(texts)).toEqual({
      quantity,
      amount,
      bonus,
      listPrice,
      discountPercent,
      price,
    });
  });

  test('in yen there are no cents', () => {
    const pack = storedPack({ ...PACK, price: '999', discounts: [{ quantity: 1, percent: '10' }] });
    expect(plain(quotePack(pack, 1, { creditScale: 0, priceMinorUnits: 0 }).price)).toBe('899');
  });

  test('never for more than the list says, and never with less than was paid for', () => {
    const cents = fc.integer({ min: 1, max: 1_000_000 });
    const percent = fc.integer({ min: 1, max: 9_999 });
    const quantity = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(cents, percent, percent, quantity, (price, discount, bonus, count) => {
        const at = (each: number) => [{ quantity: 3, percent: plain(exact(each) / 100n) }];
        const money = plain(exact(price) / 100n);
        const steps = { discounts: at(discount), bonuses: at(bonus) };
        const quote = quotePack(storedPack({ ...PACK, price: money, ...steps }), count, SCALES);
        expect(quote.price).toBeLessThanOrEqual(quote.listPrice);
        expect(quote.bonus).toBeGreaterThanOrEqual(0n);
        expect(quote.price % (exact(1) / 100n)).toBe(0n);
        if (count < 3) expect(quote).toMatchObject({ price: quote.listPrice, bonus: 0n });
      }),
    );
  });
});

test('what was read is stored, and reads as the same again', () => {
  const pack = storedPack({ ...PACK, ...STEPS, expiresAfterDays: '365' });
  expect(pack).toMatchObject({ maxQuantity: 100, expiresAfterDays: 365 });
  expect(storedPack(JSON.parse(JSON.stringify(packDocument(pack))))).toEqual(pack);
  expect(() => storedPack({})).toThrow('cannot be read');
});

test.each<[object, string[]]>([
  [{ asset: null }, ['asset REQUIRED']],
  [{ amount: '0' }, ['amount NOT_POSITIVE']],
  [{ price: '0' }, ['price NOT_POSITIVE']],
  [{ currency: 'USD' }, ['currency NOT_ALLOWED']],
  [{ maxQuantity: 0 }, ['maxQuantity OUT_OF_RANGE']],
  [{ maxQuantity: 10_001 }, ['maxQuantity OUT_OF_RANGE']],
  [{ amount: '10000000000000000000000000' }, ['amount OUT_OF_RANGE']],
  [{ expiresAfterDays: 0 }, ['expiresAfterDays OUT_OF_RANGE']],
  [{ discounts: [{ quantity: 2, percent: '100' }] }, ['discounts.0.percent OUT_OF_RANGE']],
  [{ discounts: [{ quantity: 2, percent: '0' }] }, ['discounts.0.percent NOT_POSITIVE']],
  [{ discounts: [{ quantity: 2 }] }, ['discounts.0.percent NOT_A_DECIMAL']],
  [{ discounts: [{ quantity: 101, percent: '1' }] }, ['discounts.0.quantity OUT_OF_RANGE']],
  [{ bonuses: [{ quantity: 1, percent: '1001' }] }, ['bonuses.0.percent OUT_OF_RANGE']],
  [{ bonuses: [{ quantity: 1, percent: '0.00000000001' }] }, ['bonuses.0.percent SCALE_EXCEEDED']],
  [
    { discounts: [STEPS.discounts[1], STEPS.discounts[0], STEPS.discounts[0]] },
    ['discounts.1.quantity OUT_OF_RANGE', 'discounts.2.quantity OUT_OF_RANGE'],
  ],
])('%j is refused', (change, expected) => {
  expect(faults({ ...PACK, ...change })).toEqual(expected);
});
