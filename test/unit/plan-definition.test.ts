import { describe, expect, test } from 'vitest';
import { toDocument } from '../../src/catalog/plans/document.ts';
import { publishedDefinition } from '../../src/catalog/plans/published-definition.ts';
import { readDefinition, storedDefinition } from '../../src/catalog/plans/read-definition.ts';
import { createChecker } from '../../src/kit/check.ts';
import { exact } from '../../src/kit/decimal.ts';

function read(raw: unknown, path = '') {
  const check = createChecker();
  const definition = readDefinition(check, path, raw);
  return { definition, issues: check.fault()?.issues ?? [] };
}

/** What is wrong, as `path CODE`. */
const faults = (raw: unknown, path = '') =>
  read(raw, path).issues.map((issue) => `${issue.path} ${issue.code}`);

const CREDITS = { code: 'included', asset: 'CREDIT', amount: '1000' };
const FEE = { code: 'base', amount: '20' };

test('a plan that says little is filled in', () => {
  const { definition, issues } = read({ asset: 'USD', fees: [FEE], credits: [CREDITS] });
  expect(issues).toEqual([]);
  expect(definition).toEqual({
    interval: 'MONTH',
    intervalCount: 1,
    asset: 'USD',
    fees: [{ code: 'base', name: 'base', amount: exact(20), kind: 'RECURRING', perSeat: false }],
    minimum: null,
    prices: [],
    credits: [
      {
        code: 'included',
        asset: 'CREDIT',
        amount: exact(1000),
        perSeat: false,
        every: 'PERIOD',
        expires: 'END_OF_PERIOD',
        expiresAfterDays: null,
        rollover: null,
        refill: false,
        priority: 50,
        scope: [],
      },
    ],
    entitlements: [],
    seats: null,
    trial: null,
    addOns: [],
  });
});

const FULL = {
  interval: 'MONTH',
  intervalCount: '3',
  asset: 'USD',
  fees: [FEE, { code: 'setup', name: 'Set-up', amount: '50', kind: 'ONCE' }],
  minimum: '100.00',
  prices: [
    { metric: 'images', asset: 'CREDIT', unitAmount: '5' },
    { metric: 'images', asset: 'CREDIT', unitAmount: '9', dimensions: { size: 'large', a: '*' } },
    {
      metric: 'tokens',
      asset: 'CREDIT',
      model: 'GRADUATED',
      tiers: [
        { upTo: '1000', unitAmount: '0' },
        { unitAmount: '0.01', flatAmount: '5' },
      ],
      packageSize: '10',
    },
    { metric: 'calls', asset: 'CREDIT', unitAmount: '1', includedQuantity: '100' },
    { metric: 'payments', asset: 'USD', model: 'PERCENTAGE', percent: '2.9', fixedAmount: '0.3' },
    { metric: 'payouts', asset: 'USD', model: 'FLAT', flatAmount: '1' },
    { metric: 'costs', asset: 'USD', model: 'GIVEN', property: 'cost', maximumAmount: '10' },
  ],
  credits: [
    {
      ...CREDITS,
      perSeat: true,
      rollover: { percent: '50', minimum: '10', maximum: '500', periods: 2 },
    },
    { ...CREDITS, code: 'daily', every: 'DAY', refill: true, scope: ['images'], priority: 10 },
    { ...CREDITS, code: 'gift', every: 'ONCE', expires: 'AFTER_DAYS', expiresAfterDays: 30 },
  ],
  entitlements: [
    { feature: 'sso' },
    { feature: 'projects', limit: '10', perSeat: true },
    {
      feature: 'image_generation',
      limit: null,
      whenExceeded: 'THROTTLE',
      windows: [{ per: 'MINUTE', limit: '60' }],
      perSubject: '100',
      spendCap: { asset: 'CREDIT', amount: '200', per: 'DAY' },
    },
  ],
  seats: { included: 3, minimum: 1, maximum: 50, amount: '8' },
  trial: { days: 14, credits: [{ ...CREDITS, code: 'trial', every: 'ONCE' }] },
  addOns: [{ code: 'more', name: 'More', fees: [{ code: 'more', amount: '5' }] }],
};

test('what was read is stored, and reads as the same again', () => {
  const { definition, issues } = read(FULL);
  expect(issues).toEqual([]);
  const document = toDocument(definition);
  expect(document).toMatchObject({ intervalCount: 3, minimum: '100', seats: { amount: '8' } });
  expect(document.prices.slice(1)).toEqual([
    { ...FULL.prices[1], dimensions: { size: 'large' }, model: 'PER_UNIT' },
    {
      ...FULL.prices[2],
      dimensions: {},
      tiers: [
        { upTo: '1000', unitAmount: '0', flatAmount: '0' },
        { upTo: null, unitAmount: '0.01', flatAmount: '5' },
      ],
    },
    {
      metric: 'calls',
      asset: 'CREDIT',
      dimensions: {},
      model: 'GRADUATED',
      tiers: [
        { upTo: '100', unitAmount: '0', flatAmount: '0' },
        { upTo: null, unitAmount: '1', flatAmount: '0' },
      ],
    },
    { ...FULL.prices[4], dimensions: {} },
    { ...FULL.prices[5], dimensions: {} },
    { ...FULL.prices[6], dimensions: {} },
  ]);
  expect(storedDefinition(JSON.parse(JSON.stringify(document)))).toEqual(definition);
  expect(toDocument(storedDefinition(document))).toEqual(document);
});

test('a stored plan that cannot be read is a fault of ours', () => {
  expect(() => storedDefinition({ interval: 'EON' })).toThrow('cannot be read');
});

test('null is as good as left out', () => {
  const nothing = Object.fromEntries(Object.keys(FULL).map((name) => [name, null]));
  expect(read(nothing)).toEqual(read({}));
});

describe('what is wrong is said where it is', () => {
  test.each<[object | null | string, string[]]>([
    [null, [' BAD_FORMAT']],
    ['text', [' BAD_FORMAT']],
    [{ fee: [] }, ['fee NOT_ALLOWED']],
    [{ __proto__: null, constructor: 1 }, ['constructor NOT_ALLOWED']],
    [{ interval: 'month' }, ['interval BAD_FORMAT']],
    [{ intervalCount: 37 }, ['intervalCount OUT_OF_RANGE']],
    [{ interval: 'YEAR', intervalCount: 4 }, ['intervalCount OUT_OF_RANGE']],
    [{ intervalCount: 1.5 }, ['intervalCount OUT_OF_RANGE']],
    [{ intervalCount: '1e1' }, ['intervalCount OUT_OF_RANGE']],
    [{ fees: {} }, ['fees BAD_FORMAT']],
    [{ fees: Array(51).fill(FEE) }, ['fees TOO_MANY']],
    [{ fees: [FEE] }, ['asset REQUIRED']],
    [{ minimum: '5' }, ['asset REQUIRED']],
    [{ seats: { amount: '5' } }, ['asset REQUIRED']],
    [{ asset: 'USD', minimum: '0' }, ['minimum NOT_POSITIVE']],
    [{ asset: 'USD', minimum: 5 }, ['minimum NOT_A_DECIMAL']],
    [{ asset: 'USD', fees: [FEE, FEE] }, ['fees.1 NOT_ALLOWED']],
    [{ asset: 'USD', fees: [{}] }, ['fees.0.code REQUIRED', 'fees.0.amount REQUIRED']],
    [{ asset: 'USD', fees: [{ ...FEE, perSeat: true }] }, ['fees.0.perSeat NOT_ALLOWED']],
    [{ asset: 'USD', fees: [{ ...FEE, perSeat: 'yes' }] }, ['fees.0.perSeat BAD_FORMAT']],
    [{ asset: 'USD', fees: [{ ...FEE, currency: 'EUR' }] }, ['fees.0.currency NOT_ALLOWED']],
    [{ credits: [{ ...CREDITS, amount: '1e3' }] }, ['credits.0.amount NOT_A_DECIMAL']],
    [{ credits: [{ ...CREDITS, expires: 'AFTER_DAYS' }] }, ['credits.0.expiresAfterDays REQUIRED']],
    [
      { credits: [{ ...CREDITS, expiresAfterDays: 3 }] },
      ['credits.0.expiresAfterDays NOT_ALLOWED'],
    ],
    [
      { credits: [{ ...CREDITS, expires: 'NEVER', rollover: {} }] },
      ['credits.0.rollover NOT_ALLOWED'],
    ],
    [
      { credits: [{ ...CREDITS, rollover: { percent: '101' } }] },
      ['credits.0.rollover.percent OUT_OF_RANGE'],
    ],
    [
      { credits: [{ ...CREDITS, rollover: { minimum: '3', maximum: '2' } }] },
      ['credits.0.rollover.maximum OUT_OF_RANGE'],
    ],
    [{ credits: [{ ...CREDITS, refill: true, rollover: {} }] }, ['credits.0.refill NOT_ALLOWED']],
    [{ credits: [{ ...CREDITS, refill: true, every: 'ONCE' }] }, ['credits.0.refill NOT_ALLOWED']],
    [{ credits: [{ ...CREDITS, priority: 101 }] }, ['credits.0.priority OUT_OF_RANGE']],
    [{ credits: [{ ...CREDITS, scope: ['two words'] }] }, ['credits.0.scope.0 BAD_FORMAT']],
    [{ entitlements: [{ feature: 'a' }, { feature: 'a' }] }, ['entitlements.1 NOT_ALLOWED']],
    [
      {
        entitlements: [
          {
            feature: 'a',
            windows: [
              { per: 'DAY', limit: '1' },
              { per: 'DAY', limit: '2' },
            ],
          },
        ],
      },
      ['entitlements.0.windows.1 NOT_ALLOWED'],
    ],
    [
      { entitlements: [{ feature: 'a', windows: [{ limit: '1' }] }] },
      ['entitlements.0.windows.0.per REQUIRED'],
    ],
    [{ entitlements: [{ feature: 'a', limit: '-1' }] }, ['entitlements.0.limit NEGATIVE']],
    [{ seats: { minimum: 5, maximum: 4 } }, ['seats.maximum OUT_OF_RANGE']],
    [{ seats: { included: 5, maximum: 4 } }, ['seats.included OUT_OF_RANGE']],
    [{ trial: {} }, ['trial.days REQUIRED']],
    [{ trial: { days: 14, credits: [CREDITS, CREDITS] } }, ['trial.credits.1 NOT_ALLOWED']],
    [
      { trial: { days: 14, credits: [{ ...CREDITS, perSeat: true }] } },
      ['trial.credits.0.perSeat NOT_ALLOWED'],
    ],
    [{ addOns: [{ code: 'more' }] }, ['addOns.0 TOO_FEW']],
    [
      { addOns: [{ code: 'more', fees: [FEE, FEE] }] },
      ['addOns.0.fees.1 NOT_ALLOWED', 'asset REQUIRED'],
    ],
    ...(
      [
        [{}, 'unitAmount REQUIRED'],
        [{ unitAmount: '1', percent: '1' }, 'percent NOT_ALLOWED'],
        [{ unitAmount: '1', currency: 'EUR' }, 'currency NOT_ALLOWED'],
        [{ model: 'TIERED', unitAmount: '1' }, 'model BAD_FORMAT'],
        [{ model: 'VOLUME', tiers: {} }, 'tiers BAD_FORMAT', 'tiers TOO_FEW'],
        [{ model: 'VOLUME', tiers: [] }, 'tiers TOO_FEW'],
        [{ model: 'VOLUME', tiers: [{ unitAmount: '1', to: '5' }] }, 'tiers.0.to NOT_ALLOWED'],
        [
          {
            model: 'VOLUME',
            tiers: [
              { upTo: '5', unitAmount: '1' },
              { upTo: '5', unitAmount: '1' },
              { unitAmount: '1' },
            ],
          },
          'tiers.1.upTo OUT_OF_RANGE',
        ],
        [{ model: 'GIVEN', property: 5 }, 'property BAD_FORMAT', 'property TOO_SHORT'],
      ] as const
    ).map(([price, ...all]): [object, string[]] => [
      { prices: [{ metric: 'a', asset: 'B', ...price }] },
      all.map((fault) => `prices.0.${fault}`),
    ]),
    [
      {
        prices: [
          { metric: 'a', asset: 'B', unitAmount: '1' },
          { metric: 'a', asset: 'B', unitAmount: '2', dimensions: { x: '*' } },
        ],
      },
      ['prices.1 NOT_ALLOWED'],
    ],
    [
      { prices: [{ metric: 'a', asset: 'B', unitAmount: '1', packageSize: '0' }] },
      ['prices.0.packageSize NOT_POSITIVE'],
    ],
    [
      { prices: [{ metric: 'a', asset: 'B', unitAmount: '1', dimensions: { x: 1 } }] },
      ['prices.0.dimensions.x BAD_FORMAT'],
    ],
  ])('%j', (raw, expected) => {
    expect(faults(raw)).toEqual(expected);
  });

  test('below the path of whoever asks', () => {
    expect(faults({ credits: [{}], addOns: [{ code: 'x', fees: [FEE, FEE] }] }, 'plans.2')).toEqual(
      [
        'plans.2.credits.0.code REQUIRED',
        'plans.2.credits.0.asset REQUIRED',
        'plans.2.credits.0.amount REQUIRED',
        'plans.2.addOns.0.fees.1 NOT_ALLOWED',
        'plans.2.asset REQUIRED',
      ],
    );
  });
});

test('a published version is read once, and another one by itself', () => {
  const published = (id: string, definition: unknown) => publishedDefinition({ id, definition });
  const first = published('version-1', { asset: 'USD', fees: [FEE] });
  expect(first).toEqual(read({ asset: 'USD', fees: [FEE] }).definition);
  expect(published('version-1', { asset: 'USD', fees: [FEE] })).toBe(first);
  expect(published('version-2', { credits: [CREDITS] })).toEqual(
    read({ credits: [CREDITS] }).definition,
  );
  // What cannot be read is said each time.
  expect(() => published('version-3', { credits: [{}] })).toThrow('cannot be read');
  expect(() => published('version-3', { credits: [{}] })).toThrow('cannot be read');
});
