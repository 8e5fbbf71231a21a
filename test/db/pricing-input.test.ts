import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import type { CreateBillableMetricInput } from '../../src/catalog/metric.ts';
import type { RateFields } from '../../src/catalog/rate.ts';
import { given, openCatalog, refusalText } from './catalog-fixture.ts';

let room: Awaited<ReturnType<typeof openCatalog>>;
let shop: Viewer;

beforeAll(async () => {
  room = await openCatalog();
  shop = await room.openShop();
});
afterAll(() => room?.close());

const createPrice = (fields: RateFields) =>
  room.catalog.createPrice(shop, { metric: 'calls', asset: 'USD', ...fields });

const graduated = (tiers: RateFields['tiers'], more: RateFields = {}): RateFields => ({
  model: 'GRADUATED',
  tiers,
  ...more,
});
const tier = (upTo: unknown, unitAmount: unknown = '1') => ({ upTo, unitAmount });
const percent = (more: RateFields): RateFields => ({ model: 'PERCENTAGE', percent: '1', ...more });

describe('createPrice refuses', () => {
  const cases: [string, RateFields, string][] = [
    ['no amount', {}, 'unitAmount REQUIRED'],
    ['no tiers', { model: 'GRADUATED' }, 'tiers REQUIRED'],
    ['an empty list of tiers', graduated([]), 'tiers TOO_FEW'],
    ['51 tiers', graduated(Array(51).fill(tier(null))), 'tiers TOO_MANY'],
    [
      'tiers out of order',
      graduated([tier('9'), tier('5'), tier(null)]),
      'tiers.1.upTo OUT_OF_RANGE',
    ],
    [
      'tiers that overlap',
      graduated([tier('5'), tier('5'), tier(null)]),
      'tiers.1.upTo OUT_OF_RANGE',
    ],
    ['an end of the last tier', graduated([tier('5'), tier('9')]), 'tiers.1.upTo NOT_ALLOWED'],
    ['no end in the middle', graduated([tier(null), tier(null)]), 'tiers.0.upTo REQUIRED'],
    ['a tier up to nothing', graduated([tier('0'), tier(null)]), 'tiers.0.upTo NOT_POSITIVE'],
    ['an end in words', graduated([tier('ten'), tier(null)]), 'tiers.0.upTo NOT_A_DECIMAL'],
    ['a negative amount', graduated([tier(null, '-1')]), 'tiers.0.unitAmount NEGATIVE'],
    ['a tier of no amount', graduated([{ upTo: null }]), 'tiers.0 REQUIRED'],
    [
      'a negative flat amount',
      graduated([{ upTo: null, flatAmount: '-1' }]),
      'tiers.0.flatAmount NEGATIVE',
    ],
    [
      'an amount beside tiers',
      graduated([tier(null)], { unitAmount: '1' }),
      'unitAmount NOT_ALLOWED',
    ],
    ['tiers of a price per unit', { unitAmount: '1', tiers: [tier(null)] }, 'tiers NOT_ALLOWED'],
    [
      'nothing included',
      { unitAmount: '1', includedQuantity: '0' },
      'includedQuantity NOT_POSITIVE',
    ],
    ['no percentage', { model: 'PERCENTAGE' }, 'percent REQUIRED'],
    ['a negative percentage', percent({ percent: '-1' }), 'percent NEGATIVE'],
    ['a percentage of 11 places', percent({ percent: '0.00000000001' }), 'percent SCALE_EXCEEDED'],
    [
      'bounds that cross',
      percent({ minimumAmount: '2', maximumAmount: '1' }),
      'maximumAmount OUT_OF_RANGE',
    ],
    ['a package of percentages', percent({ packageSize: '2' }), 'packageSize NOT_ALLOWED'],
    ['a reserved property', { model: 'GIVEN', property: '__proto__' }, 'property NOT_ALLOWED'],
    ['an empty property', { model: 'GIVEN', property: '' }, 'property TOO_SHORT'],
    ['a given unit amount', { model: 'GIVEN', unitAmount: '1' }, 'unitAmount NOT_ALLOWED'],
    ['no flat amount', { model: 'FLAT' }, 'flatAmount REQUIRED'],
    ['a flat percentage', { model: 'FLAT', flatAmount: '1', percent: '1' }, 'percent NOT_ALLOWED'],
  ];
  test.each(cases)('%s', async (_title, fields, expected) => {
    const before = await room.versionOf(shop);
    expect(refusalText(await createPrice(fields))).toBe(`Invalid ${expected}`);
    expect(await room.versionOf(shop)).toBe(before);
  });
});

describe('a rate of another model', () => {
  test('repeats what is in force when its terms are the same, however they are written', async () => {
    const viewer = await room.openShop();
    const create = async (fields: RateFields) =>
      given(await room.catalog.createPrice(viewer, { metric: 'calls', asset: 'USD', ...fields }));
    const first = await create(graduated([tier('10', '1.0'), tier(null, '0.50')]));
    const again = await create(
      graduated([{ ...tier('10.0'), flatAmount: '0' }, tier(null, '0.5')]),
    );
    expect(again).toEqual({ ...first, created: false });
    const free = await create({ unitAmount: '2', includedQuantity: '10' });
    expect(free.created).toBe(true);
    expect(await create(graduated([tier('10', '0'), tier(null, '2')]))).toMatchObject({
      rateId: free.rateId,
      created: false,
    });
  });

  test('from the same instant is in conflict, and says what is there', async () => {
    const viewer = await room.openShop();
    const effectiveFrom = '2026-02-01T00:00:00.000Z';
    const create = (fields: RateFields) =>
      room.catalog.createPrice(viewer, { metric: 'calls', asset: 'USD', effectiveFrom, ...fields });
    given(await create({ model: 'FLAT', flatAmount: '1' }));
    expect(await create({ model: 'FLAT', flatAmount: '2' })).toMatchObject({
      refusal: 'Conflict',
      path: 'model',
      message: expect.stringContaining('it is FLAT {"flatAmount":"1"}'),
    });
  });

  test('is imported, and shown with what was in force before', async () => {
    const viewer = await room.openShop();
    given(
      await room.catalog.createPrice(viewer, { metric: 'calls', asset: 'USD', unitAmount: '1' }),
    );
    const rates = [{ metric: 'calls', ...graduated([tier('5'), tier(null, '0.5')]) }];
    const outcome = given(await room.catalog.importRates(viewer, { asset: 'USD', rates }));
    expect(outcome.changed).toMatchObject([
      {
        before: { model: 'PER_UNIT', unitAmount: '1', terms: null },
        after: {
          model: 'GRADUATED',
          unitAmount: null,
          terms: { tiers: [{ upTo: '5' }, { upTo: null, unitAmount: '0.5' }] },
        },
      },
    ]);
    expect(given(await room.catalog.importRates(viewer, { asset: 'USD', rates }))).toMatchObject({
      unchanged: 1,
      written: false,
    });
  });
});

describe('createBillableMetric refuses', () => {
  const range = (bounds: object): Partial<CreateBillableMetricInput> => ({
    filter: [{ property: 'size', range: bounds }],
  });
  const cases: [string, Partial<CreateBillableMetricInput>, string][] = [
    ['no property of a MAX', { aggregation: 'MAX', property: null }, 'property REQUIRED'],
    ['a property of a COUNT', { aggregation: 'COUNT' }, 'property NOT_ALLOWED'],
    ['a range without bounds', range({}), 'filter.0.range TOO_FEW'],
    ['two lower bounds', range({ gt: '1', gte: '1' }), 'filter.0.range NOT_ALLOWED'],
    ['two upper bounds', range({ lt: '1', lte: '1' }), 'filter.0.range NOT_ALLOWED'],
    ['a range with nothing in it', range({ gt: '1', lte: '1' }), 'filter.0.range OUT_OF_RANGE'],
    ['a range upside down', range({ gte: '2', lte: '1' }), 'filter.0.range OUT_OF_RANGE'],
    ['a bound in words', range({ gt: 'ten' }), 'filter.0.range.gt NOT_A_DECIMAL'],
    [
      'a range beside a value',
      { filter: [{ property: 'size', equals: '1', range: { gt: '1' } }] },
      'filter.0 BAD_FORMAT',
    ],
    ['a division by nothing', { conversion: { divide: '0' } }, 'conversion.divide NOT_POSITIVE'],
    ['a factor in words', { conversion: { multiply: 'x' } }, 'conversion.multiply NOT_A_DECIMAL'],
    [
      'a factor beyond 10^12',
      { conversion: { multiply: '1000000000000.1' } },
      'conversion.multiply OUT_OF_RANGE',
    ],
    [
      'units of distinct values',
      { aggregation: 'UNIQUE', conversion: { divide: '2' } },
      'conversion NOT_ALLOWED',
    ],
  ];
  test.each(cases)('%s', async (_title, input, expected) => {
    const whole = { code: 'bad', eventType: 'bad', aggregation: 'SUM', property: 'size' } as const;
    const before = await room.versionOf(shop);
    const outcome = await room.catalog.createBillableMetric(shop, { ...whole, ...input });
    expect(refusalText(outcome)).toBe(`Invalid ${expected}`);
    expect(await room.versionOf(shop)).toBe(before);
  });
});

describe('what a month counts', () => {
  test.each([
    { model: 'PERCENTAGE', percent: '1' },
    { model: 'GIVEN' },
    { model: 'FLAT', flatAmount: '1' },
  ] as const)('is not priced by single events: $model', async (terms) => {
    const viewer = await room.openShop(
      { code: 'USD' },
      { code: 'calls', eventType: 'call', aggregation: 'MAX', property: 'n' },
    );
    const price = { metric: 'calls', asset: 'USD', ...terms };
    const refused = 'NOT_ALLOWED';
    expect(refusalText(await room.catalog.createPrice(viewer, price))).toBe(
      `Invalid model ${refused}`,
    );
    const rates = [{ metric: 'calls', ...terms }];
    const outcome = await room.catalog.importRates(viewer, { asset: 'USD', rates });
    expect(refusalText(outcome)).toBe(`Invalid rates.0.model ${refused}`);
  });
});
