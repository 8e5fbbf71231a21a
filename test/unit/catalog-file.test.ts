import { describe, expect, test } from 'vitest';
import { readCatalogText } from '../../src/cli/catalog-file.ts';
import { catalogYaml } from '../../src/cli/catalog-yaml.ts';

const faults = (text: string) =>
  readCatalogText(text).faults.map(({ line, column, message }) => `${line}:${column} ${message}`);

const FILE = `# What Acme sells.
assets:
  - code: USD
  - { code: CREDIT, scale: 0 }
metrics:
  - code: images
    eventType: image.generated
    aggregation: COUNT
prices:
  - metric: images
    asset: CREDIT
    dimensions: { size: large, version: 4 }
    unitAmount: 9.50
plans:
  - code: pro
    name: 2026
    interval: MONTH
    fees:
      - code: base
        amount: 20
        perSeat: true
    seats: {}
`;

test('a file is read as the input of applyCatalog', () => {
  const { value, faults } = readCatalogText(FILE);
  expect(faults).toEqual([]);
  expect(value).toEqual({
    assets: [{ code: 'USD' }, { code: 'CREDIT', scale: 0 }],
    metrics: [{ code: 'images', eventType: 'image.generated', aggregation: 'COUNT' }],
    prices: [
      {
        metric: 'images',
        asset: 'CREDIT',
        dimensions: { size: 'large', version: '4' },
        unitAmount: '9.50',
      },
    ],
    plans: [
      {
        code: 'pro',
        name: '2026',
        definition: {
          interval: 'MONTH',
          fees: [{ code: 'base', amount: '20', perSeat: true }],
          seats: {},
        },
      },
    ],
  });
});

describe('a file is not read that is', () => {
  const indented = (levels: number) =>
    Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`).join('\n');

  test.each([
    ['maps in braces', `features: ${'{a: '.repeat(2_000)}1${'}'.repeat(2_000)}`, '1:139'],
    ['lists in brackets', `features:\n  ${'['.repeat(100_000)}`, '2:35'],
    ['lists in lists', `features:\n${'- '.repeat(100_000)}x`, '2:65'],
    ['keys of keys', `${'? '.repeat(100_000)}x`, '1:65'],
    ['maps on one line', `${'a: '.repeat(100_000)}x`, '1:98'],
    ['maps in maps', indented(1_400), '102:1'],
  ])('nested too deep: %s', (_name, text, place) => {
    expect(faults(text)).toEqual([`${place} Nested too deep.`]);
  });

  test('too long', () => {
    expect(faults(`# ${'x'.repeat(2 * 1024 * 1024)}`)).toEqual([
      '1:1 A file has at most 2097152 characters.',
    ]);
  });

  test.each([
    ['a list of commas', `features: [${','.repeat(100_000)}`, '1:12'],
    ['two in a row', 'features: [{ code: a },\n  # nothing\n  , { code: b }]', '3:3'],
  ])('of values left out: %s', (_name, text, place) => {
    expect(faults(text)).toEqual([`${place} A comma that no value comes before.`]);
  });

  test('of too many values', () => {
    const features = Array.from({ length: 60_000 }, (_, index) => `  - code: f${index}`);
    expect(faults(`features:\n${features.join('\n')}`)).toEqual([
      '50001:11 A file has at most 100000 values.',
    ]);
  });
});

test('a file may have as much as the server takes', () => {
  const price = (index: number) =>
    `  - { metric: m, asset: USD, unitAmount: 1, dimensions: { model: m${index}, region: eu } }`;
  const prices = Array.from({ length: 2_000 }, (_, index) => price(index));
  expect(faults(`prices:\n${prices.join('\n')}`)).toEqual([]);
});

test.each([
  ['plans.0.definition.fees.0.amount', 20, 17],
  ['plans.0.definition.fees.0.name', 19, 9],
  ['plans.0.definition.fees', 18, 5],
  ['plans.0.definition', 15, 5],
  ['plans.0.definition.credits.3.amount', 15, 5],
  ['prices.0.dimensions.version', 12, 41],
  ['prices.0.unitAmount', 13, 17],
  ['assets.1', 4, 5],
  ['packs.0.code', 1, 1],
])('the place of %s is known', (path, line, column) => {
  expect(readCatalogText(FILE).faultAt(path, 'Wrong.')).toEqual({
    line,
    column,
    message: 'Wrong.',
  });
});

describe('what is wrong is said with line and column', () => {
  test.each<[string, string]>([
    [
      'assets:\n  - code: USD\n    sale: 2\n',
      '3:5 There is no field "sale" here; there are: burnOrder, code',
    ],
    ['plan:\n  - code: pro\n', '1:1 There is no field "plan" here; there are: assets'],
    ['plans:\n  - code: pro\n    fee: []\n', '3:5 There is no field "fee" here; there are: '],
    ['plans:\n  - code: pro\n    definition: {}\n', '3:5 There is no field "definition" here'],
    ['publish: true\n', '1:1 There is no field "publish" here'],
    ['assets:\n  - idempotencyKey: a\n    code: USD\n', '2:5 There is no field "idempotencyKey"'],
    ['assets:\n  - name: Dollar\n', '2:5 The field "code" is missing.'],
    ['assets:\n  code: USD\n', '2:3 Must be a list.'],
    ['assets:\n  - USD\n', '2:5 Must have fields: burnOrder, code'],
    [
      'assets: []\nplans:\n  - code: pro\n    intervalCount: many\n',
      '4:20 Must be a whole number.',
    ],
    ['plans:\n  - code: pro\n    interval: month\n', '3:15 One of DAY, MONTH, WEEK, YEAR.'],
    [
      'plans:\n  - code: pro\n    credits:\n      - { code: a, asset: B, amount: 1, refill: yes }\n',
      '4:49 Either true or false.',
    ],
    ['plans:\n  - code: true\n', '2:11 Must be text'],
    ['plans:\n  - code: [pro]\n', '2:11 Must be a single value.'],
    ['plans:\n  - code:\n', '2:10 Say what it is.'],
    ['assets:\n  - code: USD\n    code: EUR\n', '3:5 Map keys must be unique'],
    ['assets:\n  - code: "USD\n', '3:1 Missing closing "quote'],
    ['- assets\n', '1:1 Must have fields: assets'],
    ['a: &x {}\nassets: *x\n', '1:1 There is no field "a"'],
    [
      'prices:\n  - metric: a\n    asset: B\n    model: VOLUME\n    tiers: [{ upto: 5 }]\n',
      '5:15 There is no field "upto" here; there are: ',
    ],
  ])('%j', (text, expected) => {
    expect(faults(text)[0]).toContain(expected);
  });

  test('everything at once, in the order of the file', () => {
    expect(faults('plan: []\nassets:\n  - name: 1\npacks: {}\n')).toHaveLength(3);
  });
});

test('an empty file says nothing', () => {
  expect(readCatalogText('# nothing yet\n')).toMatchObject({ value: {}, faults: [] });
});

test('what is written is read as the same', () => {
  const catalog = {
    assets: [
      { code: 'USD', name: 'true' },
      { code: 'CREDIT', name: '~', scale: 0 },
    ],
    metrics: [
      {
        code: 'a',
        eventType: 'x: y # z',
        aggregation: 'COUNT',
        filter: [{ property: 'p', in: ['1', ''] }],
      },
    ],
    prices: [
      {
        metric: 'a',
        asset: 'CREDIT',
        dimensions: { model: 'null', size: '007' },
        model: 'VOLUME',
        tiers: [{ upTo: '1000000', unitAmount: '0.000000000001' }, { unitAmount: '5' }],
      },
    ],
    plans: [
      {
        code: 'pro',
        name: 'Pro, "the best"\nof all',
        definition: {
          interval: 'MONTH',
          fees: [{ code: 'base', amount: '20', perSeat: true }],
          seats: {},
        },
      },
      { code: 'free', definition: { interval: 'MONTH' } },
    ],
  };
  const text = catalogYaml(catalog);
  expect(readCatalogText(text)).toMatchObject({ faults: [], value: catalog });
  expect(text).toContain('    amount: 20\n');
  expect(text).toContain('      - { upTo: 1000000, unitAmount: 0.000000000001 }\n');
});
