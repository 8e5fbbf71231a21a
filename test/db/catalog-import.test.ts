import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toTypeId } from '../../src/kit/ids.ts';
import { given, openCatalog } from './catalog-fixture.ts';

let room: Awaited<ReturnType<typeof openCatalog>>;

beforeAll(async () => {
  room = await openCatalog();
});
afterAll(() => room.close());

describe('an import of rates', () => {
  const rate = (model: string, unitAmount: string) => ({
    metric: 'calls',
    dimensions: { model },
    unitAmount,
  });

  test('writes what differs, says what, and changes nothing the second time', async () => {
    const shop = await room.openShop();
    const first = { asset: 'USD', rates: [rate('a', '1'), rate('b', '2')] };
    expect(given(await room.catalog.importRates(shop, first))).toMatchObject({
      added: [{ dimensions: { model: 'a' } }, { dimensions: { model: 'b' } }],
      changed: [],
      unchanged: 0,
      missing: [],
      written: true,
    });
    const version = await room.versionOf(shop);
    expect(await room.catalog.importRates(shop, first)).toEqual({
      added: [],
      changed: [],
      unchanged: 2,
      missing: [],
      written: false,
    });
    expect(await room.versionOf(shop)).toBe(version);

    const second = { asset: 'USD', rates: [rate('a', '1.5'), rate('c', '3')] };
    expect(await room.catalog.importRates(shop, second)).toEqual({
      added: [changeOf('c', null, '3')],
      changed: [changeOf('a', '1', '1.5')],
      unchanged: 0,
      missing: [changeOf('b', '2', null)],
      written: true,
    });
  });

  test('as a dry run says the same and writes nothing, not even a card', async () => {
    const shop = await room.openShop();
    const version = await room.versionOf(shop);
    const input = { asset: 'USD', rateCard: 'partners', rates: [rate('a', '1')] };
    const dry = given(await room.catalog.importRates(shop, { ...input, dryRun: true }));
    expect(dry).toMatchObject({ added: [changeOf('a', null, '1')], written: false });
    expect(await room.versionOf(shop)).toBe(version);
    expect(await room.catalog.listRateCards(shop)).toEqual([]);
    expect(given(await room.catalog.importRates(shop, input))).toEqual({ ...dry, written: true });
  });

  test('of 2,000 rates is one change of the catalogue', async () => {
    const shop = await room.openShop();
    const version = await room.versionOf(shop);
    const rates = Array.from({ length: 2_000 }, (_, at) => rate(`m${at}`, `0.${at + 1}`));
    const outcome = given(await room.catalog.importRates(shop, { asset: 'USD', rates }));
    expect(outcome.added).toHaveLength(2_000);
    expect(await room.versionOf(shop)).toBe(version + 1);
  });

  test('names its metrics by code or by id', async () => {
    const shop = await room.openShop();
    const metric = await room.catalog.findMetric(shop, 'calls');
    const byId = { ...rate('b', '1'), metric: toTypeId('metric', metric?.id ?? '') };
    const outcome = await room.catalog.importRates(shop, {
      asset: 'USD',
      rates: [rate('a', '1'), byId],
    });
    expect(given(outcome).added.map((change) => change.metric)).toEqual(['calls', 'calls']);
  });

  test('with an idempotency key is answered as the first time', async () => {
    const shop = await room.openShop();
    const input = { asset: 'USD', rates: [rate('a', '1')], idempotencyKey: 'import' };
    const first = given(await room.catalog.importRates(shop, input));
    expect(await room.catalog.importRates(shop, input)).toEqual(first);
  });
});

function changeOf(model: string, before: string | null, after: string | null) {
  const rest = { model: 'PER_UNIT', packageSize: '1', terms: null };
  const amount = (unitAmount: string | null) => unitAmount && { unitAmount, ...rest };
  return { metric: 'calls', dimensions: { model }, before: amount(before), after: amount(after) };
}
