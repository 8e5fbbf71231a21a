import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, createApi } from '../../src/cli/api.ts';
import { applyCatalog } from '../../src/cli/apply-catalog.ts';
import { readCatalogText } from '../../src/cli/catalog-file.ts';
import { catalogYaml } from '../../src/cli/catalog-yaml.ts';
import { CATALOG_DOCUMENT, type DocumentAnswer } from '../../src/cli/documents/catalog.ts';
import { changeLines, faultLines } from '../../src/cli/print-catalog.ts';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { exchangeWords } from './exchange-fixture.ts';

// Exchange rates in the catalogue as a file: each has its date, so that a push may be repeated.

let server: TestApi;
let api: Api;

beforeAll(async () => {
  server = await startApi();
  api = createApi({ endpoint: `${server.url}/graphql`, key: KEY });
});
afterAll(() => server.stop());

const ASSETS = `assets:
  - code: USD
  - code: CREDIT
    scale: 0
`;
const RATES = `
exchangeRates:
  - from: CREDIT
    to: USD
    spendRate: 0.009
    topUpRate: 0.01
    effectiveAt: 2026-01-01T00:00:00.000Z
  - from: USD
    to: CREDIT
    topUpRate: 100
    effectiveAt: 2026-01-01T00:00:00.000Z
  - from: CREDIT
    to: USD
    spendRate: 0.008
    effectiveAt: 2199-06-01T00:00:00.000Z
`;

/** The lines of a push or a diff, or what is wrong with the file. */
async function apply(text: string, dryRun = false): Promise<readonly string[]> {
  const applied = await applyCatalog(api, readCatalogText(text), { publish: false, dryRun });
  return 'faults' in applied ? faultLines('file', applied.faults) : changeLines(applied);
}

const pull = async () =>
  catalogYaml((await api.send<DocumentAnswer>(CATALOG_DOCUMENT, {})).catalogDocument);

test('a file is pushed, changes nothing when it is pushed again, and comes back as it was', async () => {
  const planned = [
    '+ asset USD',
    '+ asset CREDIT',
    '+ exchange rate CREDIT USD 2026-01-01T00:00:00.000Z',
    '+ exchange rate USD CREDIT 2026-01-01T00:00:00.000Z',
    '+ exchange rate CREDIT USD 2199-06-01T00:00:00.000Z',
  ];
  expect(await apply(ASSETS + RATES, true)).toEqual(planned);
  expect(await pull()).toBe('{}\n');
  expect(await apply(ASSETS + RATES)).toEqual(planned);
  expect(await apply(ASSETS + RATES)).toEqual([]);
  expect(await pull()).toBe(ASSETS + RATES);
});

test('what has been superseded is not pulled; what is in force for one purpose alone is', async () => {
  const { create } = exchangeWords(server.ask);
  const at = (year: number) => `${year}-01-01T00:00:00.000Z`;
  await apply('assets: [{ code: A }, { code: B }]');
  await create({ from: 'A', to: 'B', spendRate: '1', topUpRate: '1', effectiveAt: at(2020) });
  await create({ from: 'A', to: 'B', spendRate: '2', effectiveAt: at(2021) });
  const datesIn = async () => {
    const { exchangeRates } = (await api.send<DocumentAnswer>(CATALOG_DOCUMENT, {}))
      .catalogDocument;
    return exchangeRates?.filter(({ from }) => from === 'A').map((rate) => rate.effectiveAt);
  };
  expect(await datesIn()).toEqual([at(2020), at(2021)]);
  await create({ from: 'A', to: 'B', topUpRate: '3', effectiveAt: at(2022) });
  expect(await datesIn()).toEqual([at(2021), at(2022)]);
  // By id it is the same, and those that are not in a file are named.
  const { asset } = await exchangeWords(server.ask).run('{ asset(asset: "A") { id } }');
  const one = `exchangeRates: [{ from: ${asset.id}, to: B, topUpRate: 3, effectiveAt: ${at(2022)} }]`;
  expect((await apply(one)).join()).toMatch(
    /^Not in the file, and left as they are: (?=.*exchange rate A B 2021)(?!.*A B 2022)/,
  );
  expect(
    await apply('assets: [{ code: A }, { code: B }, { code: USD }, { code: CREDIT, scale: 0 }]'),
  ).toEqual([]);
});

test.each<[string, string, string]>([
  [
    'another rate of the same instant',
    'topUpRate: 101, effectiveAt: 2026-01-01T00:00:00.000Z',
    '4:59: exchangeRates.0.effectiveAt: From 2026',
  ],
  ['no date', 'topUpRate: 101', '4:5: The field "effectiveAt" is missing.'],
  ['a date that is none', 'topUpRate: 101, effectiveAt: 2026', 'Write an RFC 3339 time'],
  ['an idempotency key', 'idempotencyKey: key', 'There is no field "idempotencyKey" here'],
  ['a rate of zero', 'spendRate: 0, effectiveAt: 2026-02-01T00:00:00.000Z', 'Must be above zero.'],
])('%s is refused with its place, and nothing is written', async (_what, rate, expected) => {
  const before = await pull();
  const text = `assets:\n  - code: GOOD\nexchangeRates:\n  - { from: USD, to: CREDIT, ${rate} }\n`;
  for (const dryRun of [true, false]) {
    expect((await apply(text, dryRun)).join('\n')).toContain(expected);
  }
  expect(await pull()).toBe(before);
});

test('everything that is wrong is told at once', async () => {
  const rate = (fields: string) => `  - { ${fields}, effectiveAt: 2027-01-01T00:00:00.000Z }\n`;
  const wrong = `exchangeRates:\n${rate('from: USD, to: USD, spendRate: 1')}${rate('from: USD, to: CREDIT, spendRate: -1')}`;
  expect(await apply(wrong)).toEqual([
    expect.stringMatching(/^file:2:.*another asset/),
    expect.stringMatching(/^file:3:.*above zero/),
  ]);
});
