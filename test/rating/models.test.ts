import { describe, expect, test } from 'vitest';
import { shopOf } from './terms.ts';

// Amounts worked out by hand, or by those who published the example.

const n = (value: string | number) => ({ n: value });

describe('per unit', () => {
  test.each([
    ['1', '0.01', '0.01'],
    ['1250', '0.00001', '0.01'],
    ['0.5', '0.01', '0'], // half a cent goes to the even neighbour
    ['1.5', '0.01', '0.02'],
    ['2.5', '0.01', '0.02'],
    ['3', '0', '0'],
  ])('%s at %s cost %s', (quantity, unitAmount, amount) => {
    expect(shopOf({ unitAmount }).charge(n(quantity))).toEqual([amount]);
  });

  // 100 messages for 5 dollars: a package that was begun is charged whole.
  test.each([
    ['1', '5'],
    ['100', '5'],
    ['100.01', '10'],
    ['201', '15'],
  ])('in packages of 100 for 5, %s cost %s', (quantity, amount) => {
    expect(shopOf({ unitAmount: '5', packageSize: '100' }).charge(n(quantity))).toEqual([amount]);
  });
});

describe('included quantity', () => {
  test('the first units of a period are free, and one event may lie on both sides', () => {
    const shop = shopOf({ unitAmount: '0.02', includedQuantity: '100' });
    expect(shop.charge(n(60), n(39), n(1), n(1), n(10))).toEqual(['0', '0', '0', '0.02', '0.2']);
    expect(shop.charge(n(60), n(60))).toEqual(['0', '0.4']);
  });

  // https://getlago.com/docs/guide/plans/charges/charge-models/package: 5 dollars for 100 units, the first
  // 100 free; 201 units cost 0 + 5 + 5.
  test('with packages is that of a published example', () => {
    const shop = shopOf({ unitAmount: '5', packageSize: '100', includedQuantity: '100' });
    expect(shop.charge(n(201))).toEqual(['10']);
    expect(shop.charge(n(100), n(1), n(99), n(1))).toEqual(['0', '5', '0', '5']);
  });
});

describe('graduated tiers', () => {
  // https://docs.paymentkit.com/guides/product-catalog/pricing-structures/tiered: 3,000 calls are
  // 1,000 at 0.01 and 2,000 at 0.008, together 26.
  const api = {
    model: 'GRADUATED',
    tiers: [
      { upTo: '1000', unitAmount: '0.01' },
      { upTo: '5000', unitAmount: '0.008' },
      { unitAmount: '0.005' },
    ],
  } as const;
  test.each([
    [1, '0.01'],
    [1_000, '10'],
    [1_001, '10.01'], // 10.008
    [3_000, '26'],
    [5_000, '42'],
    [5_001, '42'], // 42.005, half a cent to the even neighbour
    [7_000, '52'],
  ])('of a published price, %i calls cost %s', (calls, amount) => {
    expect(shopOf(api).charge(n(calls))).toEqual([amount]);
  });

  test('charge an event across a boundary at both sides of it', () => {
    expect(shopOf(api).charge(n(999), n(2), n(3_998), n(2))).toEqual([
      '9.99',
      '0.02', // 0.01 and 0.008
      '31.98', // at 0.008: 42 less 10.008 before rounding, 41.99 less 10.01 after
      '0.01', // 0.008 and 0.005 take the total from 41.99 to 42.005
    ]);
  });

  // https://zuplo.com/docs/articles/monetization/pricing-models: 15,000 units cost 100 + 450 + 50.
  test('of another published price cost 600 for 15,000 units', () => {
    const tiers = [
      { upTo: '1000', unitAmount: '0.1' },
      { upTo: '10000', unitAmount: '0.05' },
      { unitAmount: '0.01' },
    ];
    expect(shopOf({ model: 'GRADUATED', tiers }).charge(n(15_000))).toEqual(['600']);
    expect(shopOf({ model: 'VOLUME', tiers }).charge(n(15_000))).toEqual(['150']);
  });

  // https://knowledgecenter.zuora.com/ (tiered charge model): 8.5 units are in the third tier and cost the
  // flat fees of three, 0 + 200 + 100.
  test('with flat fees charge each once, when its tier is reached', () => {
    const tiers = [
      { upTo: '5', flatAmount: '0' },
      { upTo: '7', flatAmount: '200' },
      { upTo: '9', flatAmount: '100' },
      { unitAmount: '75' },
    ];
    const shop = shopOf({ model: 'GRADUATED', tiers });
    expect(shop.charge(n('8.5'))).toEqual(['300']);
    expect(shop.charge(n(5), n('0.01'), n('1.99'), n('1.5'), n('0.5'), n(1))).toEqual([
      '0',
      '200',
      '0',
      '100',
      '0',
      '75',
    ]);
  });
});

describe('volume tiers', () => {
  // https://docs.paymentkit.com/guides/product-catalog/pricing-structures/tiered: 12 seats are in the tier
  // of 11 to 50 and cost 9 each.
  const seats = {
    model: 'VOLUME',
    tiers: [{ upTo: '10', unitAmount: '10' }, { upTo: '50', unitAmount: '9' }, { unitAmount: '8' }],
  } as const;
  test.each([
    [10, '100'],
    [11, '99'],
    [12, '108'],
    [51, '408'],
  ])('of a published price, %i seats cost %s', (count, amount) => {
    expect(shopOf(seats).charge(n(count))).toEqual([amount]);
  });

  test('charge nothing while the total falls, and then what is missing', () => {
    expect(shopOf(seats).charge(n(10), n(1), n(1), n(1))).toEqual(['100', '0', '8', '9']);
  });
});

describe('a percentage', () => {
  // 2.9 % and 30 cents a payment, as card payments are commonly priced.
  test.each([
    ['100', '3.2'],
    ['10', '0.59'],
    ['0.01', '0.3'], // 0.30029
    ['49.99', '1.75'], // 1.74971
  ])('of %s with a fixed fee is %s', (value, amount) => {
    const shop = shopOf({ model: 'PERCENTAGE', percent: '2.9', fixedAmount: '0.3' });
    expect(shop.charge(n(value))).toEqual([amount]);
  });

  test.each([
    ['10', '0.5'],
    ['100', '1'],
    ['1000', '5'],
  ])('of %s lies between its bounds: %s', (value, amount) => {
    const bounds = { minimumAmount: '0.5', maximumAmount: '5' };
    expect(shopOf({ model: 'PERCENTAGE', percent: '1', ...bounds }).charge(n(value))).toEqual([
      amount,
    ]);
  });

  test.each([
    ['0.1', 0, '1'], // 0.001, raised to 0.505
    ['0.1', 2, '0.5'],
    ['0.1', 3, '0.505'],
    ['1000', 0, '2'], // 10, lowered to 1.515
    ['1000', 2, '1.52'],
    ['1000', 3, '1.515'],
  ])('of %s has no more than %i places, whatever its bounds have: %s', (value, scale, amount) => {
    const bounds = { minimumAmount: '0.505', maximumAmount: '1.515' };
    const shop = shopOf({ model: 'PERCENTAGE', percent: '1', ...bounds }, { scale });
    expect(shop.charge(n(value))).toEqual([amount]);
  });

  test('may be of another property than the quantity, which an event must have then', () => {
    const shop = shopOf({ model: 'PERCENTAGE', percent: '10', property: 'cost' });
    expect(shop.charge({ n: 1_000, cost: '2.5' })).toEqual(['0.25']);
    expect(shop.refusal({ n: 1_000 })).toBe('properties.cost REQUIRED');
  });
});

describe('an amount that the event gives', () => {
  test('is the quantity or a property, rounded to the asset', () => {
    expect(shopOf({ model: 'GIVEN' }).charge(n('1.235'))).toEqual(['1.24']);
    const shop = shopOf({ model: 'GIVEN', property: 'cost' });
    expect(shop.charge({ n: 7, cost: '0.125' })).toEqual(['0.12']);
    expect(shop.refusal({ n: 7 })).toBe('properties.cost REQUIRED');
  });

  test('is refused outside of the bounds, which belong to it', () => {
    const shop = shopOf({ model: 'GIVEN', minimumAmount: '0.5', maximumAmount: '10' });
    expect(shop.charge(n('0.5'), n(10))).toEqual(['0.5', '10']);
    expect(shop.refusal(n('0.49'))).toBe('properties OUT_OF_RANGE');
    expect(shop.refusal(n('10.01'))).toBe('properties OUT_OF_RANGE');
  });
});

test('flat costs the same for each event, whatever its quantity', () => {
  expect(shopOf({ model: 'FLAT', flatAmount: '0.25' }).charge(n(1), n(1_000))).toEqual([
    '0.25',
    '0.25',
  ]);
});
