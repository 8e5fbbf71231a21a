import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import type { CreateAssetInput } from '../../src/catalog/asset.ts';
import type { CreatePriceInput } from '../../src/catalog/create-price.ts';
import type { CreateBillableMetricInput } from '../../src/catalog/metric.ts';
import { newId, toTypeId } from '../../src/kit/ids.ts';
import { given, openCatalog, refusalText } from './catalog-fixture.ts';

let room: Awaited<ReturnType<typeof openCatalog>>;
let acme: Viewer;
let strangerAsset: string;

beforeAll(async () => {
  room = await openCatalog();
  acme = await room.openOrganization('Acme');
  given(await room.catalog.createAsset(acme, { code: 'USD' }));
  given(
    await room.catalog.createBillableMetric(acme, {
      code: 'calls',
      eventType: 'call',
      aggregation: 'COUNT',
    }),
  );
  const stranger = await room.openOrganization('Stranger');
  const { assetId } = given(await room.catalog.createAsset(stranger, { code: 'SECRET' }));
  strangerAsset = toTypeId('asset', assetId);
});
afterAll(() => room.close());

/** Runs what must be refused, and shows that the catalogue is as it was. */
async function refused(work: () => Promise<object>): Promise<string> {
  const before = await counts();
  const text = refusalText(await work());
  expect(await counts()).toEqual(before);
  return text;
}

async function counts() {
  const { asset, billableMetric, rateCard, price, rate, idempotencyKey } = room.db.prisma;
  const tables = [asset, billableMetric, rateCard, price, rate, idempotencyKey] as const;
  const rows = await Promise.all(tables.map((table) => (table as typeof asset).count()));
  return { rows, version: await room.versionOf(acme) };
}

const LONG = 'x'.repeat(256);
const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

describe('createAsset refuses', () => {
  const cases: [string, Partial<CreateAssetInput>, string][] = [
    ['an empty code', { code: '' }, 'Invalid code BAD_FORMAT'],
    ['small letters', { code: 'usd' }, 'Invalid code BAD_FORMAT'],
    ['a code that starts with a digit', { code: '1UP' }, 'Invalid code BAD_FORMAT'],
    ['a space', { code: ' USD' }, 'Invalid code BAD_FORMAT'],
    ['a line end', { code: 'USD\n' }, 'Invalid code BAD_FORMAT'],
    ['33 characters', { code: 'A'.repeat(33) }, 'Invalid code BAD_FORMAT'],
    ['a NUL', { code: 'A\u0000' }, 'Invalid code BAD_FORMAT'],
    ['a scale below zero', { scale: -1 }, 'Invalid scale OUT_OF_RANGE minorUnits OUT_OF_RANGE'],
    ['a scale above 12', { scale: 13 }, 'Invalid scale OUT_OF_RANGE'],
    ['a scale that is not whole', { scale: 1.5 }, 'Invalid scale OUT_OF_RANGE'],
    ['minor units above the scale', { scale: 2, minorUnits: 3 }, 'Invalid minorUnits OUT_OF_RANGE'],
    ['minor units below zero', { minorUnits: -1 }, 'Invalid minorUnits OUT_OF_RANGE'],
    ['an empty name', { name: '' }, 'Invalid name TOO_SHORT'],
    ['a long name', { name: LONG }, 'Invalid name TOO_LONG'],
    ['a NUL in the name', { name: 'a\u0000' }, 'Invalid name BAD_CHARACTER'],
    ['a lone surrogate in the name', { name: 'a\ud800' }, 'Invalid name BAD_CHARACTER'],
    ['an empty idempotency key', { idempotencyKey: '' }, 'Invalid idempotencyKey TOO_SHORT'],
    ['a long idempotency key', { idempotencyKey: LONG }, 'Invalid idempotencyKey TOO_LONG'],
  ];
  test.each(cases)('%s', async (_title, input, expected) => {
    const whole = { code: 'GOLD', ...input };
    expect(await refused(() => room.catalog.createAsset(acme, whole))).toBe(expected);
  });
});

describe('createBillableMetric refuses', () => {
  const some = { property: 'region', equals: 'eu' };
  const cases: [string, Partial<CreateBillableMetricInput>, string][] = [
    ['an empty code', { code: '' }, 'Invalid code BAD_FORMAT'],
    ['a code with a space', { code: 'a b' }, 'Invalid code BAD_FORMAT'],
    ['a code of 65 characters', { code: 'a'.repeat(65) }, 'Invalid code BAD_FORMAT'],
    [
      'a code like an id',
      { code: toTypeId('metric', newId('metric')) },
      'Invalid code NOT_ALLOWED',
    ],
    ['an empty event type', { eventType: '' }, 'Invalid eventType TOO_SHORT'],
    ['a long event type', { eventType: LONG }, 'Invalid eventType TOO_LONG'],
    ['a NUL in the event type', { eventType: 'a\u0000' }, 'Invalid eventType BAD_CHARACTER'],
    ['SUM without a property', { aggregation: 'SUM' }, 'Invalid property REQUIRED'],
    ['COUNT with a property', { property: 'tokens' }, 'Invalid property NOT_ALLOWED'],
    ['an empty property', { aggregation: 'SUM', property: '' }, 'Invalid property TOO_SHORT'],
    [
      'a property that no event can have',
      { aggregation: 'SUM', property: '__proto__' },
      'Invalid property NOT_ALLOWED',
    ],
    ['a condition without a test', { filter: [{ property: 'a' }] }, 'Invalid filter.0 BAD_FORMAT'],
    [
      'a condition with two tests',
      { filter: [some, { ...some, exists: true }] },
      'Invalid filter.1 BAD_FORMAT',
    ],
    [
      'a condition on nothing',
      { filter: [{ property: '', exists: true }] },
      'Invalid filter.0.property TOO_SHORT',
    ],
    [
      'a condition with no alternative',
      { filter: [{ property: 'a', in: [] }] },
      'Invalid filter.0.in TOO_FEW',
    ],
    [
      'a condition with 101 alternatives',
      { filter: [{ property: 'a', in: Array<string>(101).fill('x') }] },
      'Invalid filter.0.in TOO_MANY',
    ],
    [
      'a lone surrogate in a condition',
      { filter: [{ property: 'a', in: ['x', '\udc00'] }] },
      'Invalid filter.0.in.1 BAD_CHARACTER',
    ],
    ['11 conditions', { filter: Array(11).fill(some) }, 'Invalid filter TOO_MANY'],
  ];
  test.each(cases)('%s', async (_title, input, expected) => {
    const whole = { code: 'tokens', eventType: 'llm', aggregation: 'COUNT' as const, ...input };
    expect(await refused(() => room.catalog.createBillableMetric(acme, whole))).toBe(expected);
  });
});

describe('createPrice refuses', () => {
  const eleven = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`d${at}`, 'x']));
  const cases: [string, Partial<CreatePriceInput>, string][] = [
    ['a negative amount', { unitAmount: '-1' }, 'Invalid unitAmount NEGATIVE'],
    ['negative zero', { unitAmount: '-0' }, 'Invalid unitAmount NOT_A_DECIMAL'],
    ['NaN', { unitAmount: 'NaN' }, 'Invalid unitAmount NOT_A_DECIMAL'],
    ['1e400', { unitAmount: '1e400' }, 'Invalid unitAmount NOT_A_DECIMAL'],
    ['hexadecimal', { unitAmount: '0x10' }, 'Invalid unitAmount NOT_A_DECIMAL'],
    ['a leading space', { unitAmount: ' 1' }, 'Invalid unitAmount NOT_A_DECIMAL'],
    ['a JSON number', { unitAmount: 1 }, 'Invalid unitAmount NOT_A_DECIMAL'],
    ['13 places', { unitAmount: '0.0000000000001' }, 'Invalid unitAmount SCALE_EXCEEDED'],
    ['27 digits', { unitAmount: '1'.repeat(27) }, 'Invalid unitAmount OUT_OF_RANGE'],
    ['a package of nothing', { packageSize: '0' }, 'Invalid packageSize NOT_POSITIVE'],
    ['a negative package', { packageSize: '-1' }, 'Invalid packageSize NOT_POSITIVE'],
    ['dimensions in a list', { dimensions: ['a'] }, 'Invalid dimensions BAD_FORMAT'],
    ['dimensions in a text', { dimensions: 'model' }, 'Invalid dimensions BAD_FORMAT'],
    ['a number as a value', { dimensions: { a: 1 } }, 'Invalid dimensions.a BAD_FORMAT'],
    ['10,000 levels', { dimensions: deep(10_000) }, 'Invalid dimensions.a BAD_FORMAT'],
    ['an empty value', { dimensions: { a: '' } }, 'Invalid dimensions.a TOO_SHORT'],
    ['a long value', { dimensions: { a: LONG } }, 'Invalid dimensions.a TOO_LONG'],
    ['a NUL in a value', { dimensions: { a: '\u0000' } }, 'Invalid dimensions.a BAD_CHARACTER'],
    ['an empty name', { dimensions: { '': 'x' } }, 'Invalid dimensions. TOO_SHORT'],
    [
      '__proto__ as a name',
      { dimensions: JSON.parse('{"__proto__":"x"}') },
      'Invalid dimensions.__proto__ NOT_ALLOWED',
    ],
    ['11 dimensions', { dimensions: eleven }, 'Invalid dimensions TOO_MANY'],
    [
      'more bytes than a unique key can hold',
      { dimensions: Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`d${n}`, 'ä'.repeat(200)])) },
      'Invalid dimensions TOO_LARGE',
    ],
    [
      'a start that is no instant',
      { effectiveFrom: 'soon' },
      'Invalid effectiveFrom NOT_AN_INSTANT',
    ],
    [
      'a start on no day of the calendar',
      { effectiveFrom: '2026-02-30T00:00:00Z' },
      'Invalid effectiveFrom NOT_AN_INSTANT',
    ],
    [
      'a start in the year 0',
      { effectiveFrom: '0000-01-01T00:00:00Z' },
      'Invalid effectiveFrom NOT_AN_INSTANT',
    ],
    [
      'a start in the year 9999',
      { effectiveFrom: '9999-12-31T23:59:59Z' },
      'Invalid effectiveFrom NOT_AN_INSTANT',
    ],
    ['a rate card with a space', { rateCard: 'a b' }, 'Invalid rateCard BAD_FORMAT'],
    ['an unknown metric', { metric: 'nothing' }, 'NotFound metric'],
    ['a metric with a NUL', { metric: '\u0000' }, 'NotFound metric'],
    ['an unknown asset', { asset: 'EUR' }, 'NotFound asset'],
    [
      'a rate card that is not there by that id',
      { rateCard: toTypeId('rateCard', newId('rateCard')) },
      'NotFound rateCard',
    ],
  ];
  test.each(cases)('%s', async (_title, input, expected) => {
    const whole = { metric: 'calls', asset: 'USD', unitAmount: '1', ...input };
    expect(await refused(() => room.catalog.createPrice(acme, whole))).toBe(expected);
  });

  test("another organization's asset like one that does not exist", async () => {
    for (const asset of [strangerAsset, 'SECRET']) {
      const input = { metric: 'calls', asset, unitAmount: '1' };
      expect(await refused(() => room.catalog.createPrice(acme, input))).toBe('NotFound asset');
    }
  });
});

describe('importRates refuses', () => {
  const rate = { metric: 'calls', unitAmount: '1' };
  const many = Array.from({ length: 2_001 }, () => rate);
  const cases: [string, object[], string][] = [
    ['no rates', [], 'Invalid rates TOO_FEW'],
    ['2,001 rates', many, 'Invalid rates TOO_MANY'],
    [
      'a wrong amount, saying which',
      [rate, { ...rate, unitAmount: 'x' }],
      'Invalid rates.1.unitAmount NOT_A_DECIMAL',
    ],
    [
      'the same usage twice',
      [rate, { ...rate, dimensions: { model: '*' } }],
      'Invalid rates.1 NOT_ALLOWED',
    ],
    [
      'an unknown metric, saying where',
      [rate, { ...rate, metric: 'no' }],
      'NotFound rates.1.metric',
    ],
    ['a NUL in a metric', [{ ...rate, metric: '\u0000' }], 'Invalid rates.0.metric BAD_CHARACTER'],
  ];
  test.each(cases)('%s', async (_title, rates, expected) => {
    for (const dryRun of [true, false]) {
      const input = { asset: 'USD', rates: rates as (typeof rate)[], dryRun };
      expect(await refused(() => room.catalog.importRates(acme, input))).toBe(expected);
    }
  });

  test('an unknown asset', async () => {
    const input = { asset: strangerAsset, rates: [rate] };
    expect(await refused(() => room.catalog.importRates(acme, input))).toBe('NotFound asset');
  });
});
