import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instant, openExchange } from '../api/exchange-fixture.ts';
import { KEY } from '../support/api.ts';

// Which rate is in force, against the plainest way to say it.

let shop: Awaited<ReturnType<typeof openExchange>>;
let pairs = 0;

beforeAll(async () => {
  shop = await openExchange();
});
afterAll(() => shop.api.stop());

interface Given {
  readonly minute: number;
  readonly spendRate: string | null;
  readonly topUpRate: string | null;
}

const amount = fc.option(fc.integer({ min: 1, max: 999 }).map(String), { nil: null });
const given = fc
  .record({ minute: fc.integer({ min: 0, max: 60 }), spendRate: amount, topUpRate: amount })
  .filter(({ spendRate, topUpRate }) => spendRate !== null || topUpRate !== null);
const rates = fc.uniqueArray(given, {
  minLength: 1,
  maxLength: 8,
  selector: ({ minute }) => minute,
});
const purpose = fc.constantFrom('SPEND', 'TOP_UP');
const asked = fc.record({ minute: fc.integer({ min: -1, max: 61 }), purpose });

const at = (minute: number) => new Date(Date.parse(instant(1)) + minute * 60_000).toISOString();

/** The latest that began at or before the minute and has a rate for the purpose, and the first after it. */
function expected(all: readonly Given[], minute: number, rateOf: (each: Given) => string | null) {
  const ordered = all.filter((each) => rateOf(each) !== null).sort((a, b) => a.minute - b.minute);
  const inForce = ordered.filter((each) => each.minute <= minute).at(-1);
  const next = ordered.find((each) => each.minute > minute);
  if (!inForce) return { code: 'EXCHANGE_RATE_NOT_FOUND' };
  const validUntil = next ? at(next.minute) : null;
  return { rate: rateOf(inForce), effectiveAt: at(inForce.minute), validUntil };
}

test('the rate in force is the latest that began at or before the instant, in whatever order they came', async () => {
  await fc.assert(
    fc.asyncProperty(rates, fc.array(asked, { minLength: 4, maxLength: 8 }), async (all, asks) => {
      pairs += 1;
      const pair = await shop.freshPair(`FORCE_${pairs}`);
      for (const { minute, ...rate } of all) {
        const created = await shop.create({ ...pair, ...rate, effectiveAt: at(minute) });
        expect(created).toMatchObject({ created: true });
      }
      for (const { minute, purpose } of asks) {
        const quoted = await shop.quote({ ...pair, purpose, amount: '1', at: at(minute) });
        const rateOf = (each: Given) => (purpose === 'SPEND' ? each.spendRate : each.topUpRate);
        expect(quoted).toMatchObject(expected(all, minute, rateOf));
      }
    }),
    { numRuns: 15 },
  );
});

test('many pairs are asked for at once, and each is answered in its place', async () => {
  const pair = await shop.freshPair('MANY');
  const back = { from: pair.to, to: pair.from };
  for (const day of [1, 2, 3]) {
    await shop.create({ ...pair, spendRate: String(day), effectiveAt: instant(day) });
  }
  await shop.create({ ...back, topUpRate: '7', effectiveAt: instant(2) });
  const { services } = shop.api;
  const viewer = await services.access.authenticate(`Bearer ${KEY}`);
  if ('refusal' in viewer) throw new Error(viewer.message);
  const named = async (code: string) => (await services.catalog.findAsset(viewer, code))?.id ?? '';
  const [from, to] = [await named(pair.from), await named(pair.to)];
  const { exchangeInForce } = services.createLoaders(viewer);
  const there = { fromAssetId: from, toAssetId: to };
  const returning = { fromAssetId: to, toAssetId: from };
  const found = await exchangeInForce.loadMany([
    { ...returning, purpose: 'TOP_UP', at: new Date(instant(2)) },
    { ...there, purpose: 'SPEND', at: new Date(instant(3)) },
    { ...there, purpose: 'TOP_UP', at: new Date(instant(3)) },
    { ...there, purpose: 'SPEND', at: new Date(instant(1)) },
    { ...there, purpose: 'SPEND', at: new Date(instant(0)) },
    { ...there, purpose: 'SPEND', at: new Date(instant(1)) },
  ]);
  const ONE = 10n ** 12n;
  expect(found.map((each) => (each && 'rate' in each ? each.rate / ONE : each))).toEqual([
    7n,
    3n,
    null,
    1n,
    null,
    1n,
  ]);
});
