import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { plain, ZERO } from '../../src/kit/decimal.ts';
import type { Id } from '../../src/kit/ids.ts';
import { newId } from '../../src/kit/ids.ts';
import { rateEvent } from '../../src/rating/rate.ts';
import { given, openCatalog } from './catalog-fixture.ts';

let room: Awaited<ReturnType<typeof openCatalog>>;

beforeAll(async () => {
  room = await openCatalog();
});
afterAll(() => room.close());

const openShop = () =>
  room.openShop(
    { code: 'USD', scale: 6, burnOrder: 'LIFO' },
    {
      code: 'tokens',
      eventType: 'llm',
      property: 'n',
      filter: [{ property: 'region', in: ['eu', 'us'] }],
      aggregation: 'SUM',
    },
  );

const price = (viewer: Viewer, input: object) =>
  room.catalog.createPrice(viewer, { metric: 'tokens', asset: 'USD', unitAmount: '1', ...input });

test('every change of the catalogue grows its version by one, and nothing else does', async () => {
  const shop = await room.openOrganization('Versions');
  const versions: number[] = [];
  const { catalog } = room;
  const steps = [
    () => catalog.createAsset(shop, { code: 'USD' }),
    () => catalog.createAsset(shop, { code: 'USD' }),
    () => catalog.createAsset(shop, { code: 'USD', scale: 3 }),
    () =>
      catalog.createBillableMetric(shop, { code: 'tokens', eventType: 'e', aggregation: 'COUNT' }),
    () => price(shop, {}),
    () => price(shop, {}),
    () => price(shop, { unitAmount: '2' }),
    () =>
      catalog.importRates(shop, { asset: 'USD', rates: [{ metric: 'tokens', unitAmount: '3' }] }),
    () =>
      catalog.importRates(shop, { asset: 'USD', rates: [{ metric: 'tokens', unitAmount: '3' }] }),
  ];
  for (const step of steps) {
    await step();
    versions.push(await room.versionOf(shop));
  }
  expect(versions).toEqual([1, 1, 1, 2, 3, 3, 4, 5, 5]);
});

describe('a catalogue snapshot', () => {
  test('has the assets, the codes and everything that rating needs', async () => {
    const shop = await openShop();
    given(await price(shop, { dimensions: { model: 'a' }, unitAmount: '0.0000015' }));
    given(await price(shop, { rateCard: 'partners', unitAmount: '9' }));
    given(
      await price(shop, { effectiveFrom: '2026-01-01T00:00:00.123Z', dimensions: { model: 'a' } }),
    );
    const snapshot = await room.catalog.books.snapshot(shop.organizationId);
    expect([...snapshot.assets.values()]).toEqual([
      { id: expect.any(String), code: 'USD', scale: 6, burnOrder: 'LIFO' },
    ]);
    expect([...snapshot.metricCodes.values()]).toEqual(['tokens']);
    expect(snapshot.book.version).toBe(await room.versionOf(shop));

    const properties = { model: 'a', region: 'eu', n: 1_000_000 };
    const charge = (occurredAt: string, changed = {}) => {
      const event = { type: 'llm', occurredAt: new Date(occurredAt) };
      const charges = rateEvent(snapshot.book, {
        ...event,
        properties: { ...properties, ...changed },
      });
      return 'refusal' in charges
        ? charges.refusal
        : charges.map(({ amount }) => plain(amount ?? ZERO));
    };
    expect(charge('2026-01-01T00:00:00.122Z')).toEqual(['1.5']);
    expect(charge('2026-01-01T00:00:00.123Z')).toEqual(['1000000']);
    expect(charge('2026-01-01T00:00:00Z', { region: 'jp' })).toEqual([]);
    expect(charge('2026-01-01T00:00:00Z', { model: 'b' })).toBe('PriceNotFound');
  });

  test('is loaded once for all who ask at the same time, and kept', async () => {
    const shop = await openShop();
    const { books } = room.startProcess().catalog;
    const asked = await Promise.all([1, 2, 3].map(() => books.snapshot(shop.organizationId)));
    expect(new Set(asked).size).toBe(1);
    expect(await books.snapshot(shop.organizationId)).toBe(asked[0]);
  });

  test('is known to be fresh by its version, and loaded again when it is forgotten', async () => {
    const shop = await openShop();
    const other = room.startProcess().catalog.books;
    const before = await other.snapshot(shop.organizationId);
    given(await price(shop, {}));
    const version = await room.versionOf(shop);
    expect(await other.atVersion(shop.organizationId, version - 1)).toBe(before);
    expect(await other.snapshot(shop.organizationId)).toBe(before);
    const after = await other.atVersion(shop.organizationId, version);
    expect(after.book.version).toBe(version);
    expect(await other.atVersion(shop.organizationId, version)).toBe(after);
    expect(await other.snapshot(shop.organizationId)).toBe(after);
    other.invalidate(shop.organizationId);
    expect(await other.snapshot(shop.organizationId)).not.toBe(after);
  });

  test('that is on its way is waited for by who has seen its version', async () => {
    const shop = await openShop();
    const version = await room.versionOf(shop);
    const { books } = room.startProcess().catalog;
    const loading = books.snapshot(shop.organizationId);
    const seen = [1, 2, 3].map(() => books.atVersion(shop.organizationId, version));
    expect(new Set(await Promise.all([loading, ...seen])).size).toBe(1);
  });

  test('is forgotten by the process that changed the catalogue, and seen fresh by others', async () => {
    const shop = await openShop();
    const other = room.startProcess().catalog.books;
    await Promise.all([
      other.snapshot(shop.organizationId),
      room.catalog.books.snapshot(shop.organizationId),
    ]);
    given(await price(shop, {}));
    const version = await room.versionOf(shop);
    expect((await room.catalog.books.snapshot(shop.organizationId)).book.version).toBe(version);
    const fresh = await other.fresh(shop.organizationId);
    expect(fresh.book.version).toBe(version);
    expect(await other.fresh(shop.organizationId)).toBe(fresh);
  });

  test('that could not be loaded is not remembered', async () => {
    const { books } = room.catalog;
    const id = newId('organization');
    await expect(books.snapshot(id)).rejects.toThrow('no organization');
    await room.db.prisma.organization.create({
      data: { id, name: 'Late', mode: 'TEST', createdAt: new Date(0) },
    });
    expect((await books.snapshot(id)).book.version).toBe(0);
  });
});

describe('the effective rates of a metric', () => {
  test('are those that charges would use, one for each asset', async () => {
    const shop = await openShop();
    given(await room.catalog.createAsset(shop, { code: 'CREDIT' }));
    const usd = given(await price(shop, { dimensions: { model: 'a' } }));
    const credit = given(await price(shop, { asset: 'CREDIT' }));
    const later = given(
      await price(shop, { asset: 'CREDIT', effectiveFrom: '2027-01-01T00:00:00Z' }),
    );
    const ratesOf = async (query: object) => {
      const found = await room.catalog.findEffectiveRates(shop, { metric: 'tokens', ...query });
      return given(found).rateIds;
    };
    const ids = (...outcomes: { rateId: string }[]) =>
      outcomes.map(({ rateId }) => rateId as Id<'rate'>);
    expect(await ratesOf({ dimensions: { model: 'a' } })).toEqual(ids(usd, credit));
    expect(await ratesOf({ dimensions: { model: 'b' } })).toEqual(ids(credit));
    expect(await ratesOf({ at: '2027-01-01T00:00:00Z' })).toEqual(ids(later));
    expect(await ratesOf({ metric: 'none' })).toEqual([]);
    expect(
      await room.catalog.findEffectiveRates(shop, { metric: 'tokens', at: 'soon' }),
    ).toMatchObject({
      refusal: 'Invalid',
    });
  });
});
