import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { exact, plain } from '../../src/kit/decimal.ts';
import { toTypeId } from '../../src/kit/ids.ts';
import { given, openCatalog, refusalText } from './catalog-fixture.ts';

let room: Awaited<ReturnType<typeof openCatalog>>;
let acme: Viewer;

beforeAll(async () => {
  room = await openCatalog();
});
afterAll(() => room.close());

const createPrice = (viewer: Viewer, input: object) =>
  room.catalog.createPrice(viewer, { metric: 'calls', asset: 'USD', unitAmount: '1', ...input });

async function rateOf(rateId: string) {
  const rate = await room.db.prisma.rate.findUniqueOrThrow({ where: { id: rateId } });
  return { ...rate, unitAmount: plain(exact(rate.unitAmount ?? 0)) };
}

describe('an asset', () => {
  beforeAll(async () => {
    acme = await room.openOrganization('Acme');
  });

  test.each([
    ['USD', { kind: 'FIAT', scale: 12, minorUnits: 2, name: 'USD' }],
    ['JPY', { kind: 'FIAT', scale: 12, minorUnits: 0 }],
    ['KWD', { kind: 'FIAT', scale: 12, minorUnits: 3 }],
    ['IQD', { kind: 'FIAT', scale: 12, minorUnits: 3 }],
    ['CREDIT', { kind: 'CUSTOM', scale: 12, minorUnits: 0, burnOrder: 'PRIORITY' }],
  ])('%s has the defaults of its kind', async (code, expected) => {
    const { assetId, created } = given(await room.catalog.createAsset(acme, { code }));
    expect(created).toBe(true);
    expect(await room.catalog.readAsset(acme, assetId)).toMatchObject({ code, ...expected });
  });

  test('keeps what was asked for, and never has more minor units than places', async () => {
    const whole = { code: 'EUR', name: 'Euro', scale: 4, burnOrder: 'FIFO' } as const;
    const eur = given(await room.catalog.createAsset(acme, whole));
    expect(await room.catalog.readAsset(acme, eur.assetId)).toMatchObject({
      ...whole,
      minorUnits: 2,
    });
    const gbp = given(await room.catalog.createAsset(acme, { code: 'GBP', scale: 0 }));
    expect(await room.catalog.readAsset(acme, gbp.assetId)).toMatchObject({ minorUnits: 0 });
  });

  test('created twice is the first one, whoever is quicker', async () => {
    const calls = Array.from({ length: 5 }, () =>
      room.catalog.createAsset(acme, { code: 'TWICE' }),
    );
    const outcomes = (await Promise.all(calls)).map(given);
    expect(new Set(outcomes.map(({ assetId }) => assetId)).size).toBe(1);
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
  });

  test('with another definition is in conflict, naming the field', async () => {
    given(await room.catalog.createAsset(acme, { code: 'SHELL', name: 'Shells', scale: 2 }));
    const again = (input: object) =>
      room.catalog.createAsset(acme, { code: 'SHELL', scale: 2, ...input });
    expect(given(await again({})).created).toBe(false);
    expect(refusalText(await again({ scale: 3 }))).toBe('Conflict scale');
    expect(refusalText(await again({ kind: 'FIAT' }))).toBe('Conflict kind');
    expect(refusalText(await again({ burnOrder: 'LIFO' }))).toBe('Conflict burnOrder');
    expect(refusalText(await again({ name: 'Other' }))).toBe('Conflict name');
  });

  test('has the same code in two organizations as two assets', async () => {
    const other = await room.openOrganization('Other');
    const { assetId, created } = given(await room.catalog.createAsset(other, { code: 'USD' }));
    expect(created).toBe(true);
    expect(await room.catalog.readAsset(acme, assetId)).toBeNull();
    expect(await room.catalog.findAsset(acme, toTypeId('asset', assetId))).toBeNull();
  });

  test('is found by its code and by its id', async () => {
    const row = await room.catalog.findAsset(acme, 'USD');
    expect(await room.catalog.findAsset(acme, toTypeId('asset', row?.id ?? ''))).toEqual(row);
    expect(await room.catalog.findAsset(acme, '\u0000')).toBeNull();
    expect(refusalText(await room.catalog.resolveAsset(acme, 'NONE', 'input.asset'))).toBe(
      'NotFound input.asset',
    );
  });

  test('with an idempotency key is answered as the first time, and refused with other content', async () => {
    const input = { code: 'KEYED', idempotencyKey: 'once' };
    const first = given(await room.catalog.createAsset(acme, input));
    expect(first.created).toBe(true);
    expect(await room.catalog.createAsset(acme, input)).toEqual(first);
    expect(await room.catalog.createAsset(acme, { ...input, scale: 3 })).toMatchObject({
      refusal: 'IdempotencyMismatch',
      field: 'scale',
    });
  });
});

describe('a metric', () => {
  const definition = {
    code: 'tokens',
    name: 'Tokens',
    eventType: 'llm.request',
    aggregation: 'SUM',
    property: 'tokens',
    filter: [
      { property: 'region', in: ['eu', 'us'] },
      { property: 'test', exists: false },
    ],
  } as const;

  test('keeps its definition, and created twice is the first one', async () => {
    const shop = await room.openShop();
    const first = given(await room.catalog.createBillableMetric(shop, definition));
    expect(await room.catalog.readMetric(shop, first.metricId)).toMatchObject(definition);
    expect(await room.catalog.createBillableMetric(shop, definition)).toEqual({
      ...first,
      created: false,
    });
    const nameless = { ...definition, name: null };
    expect(await room.catalog.createBillableMetric(shop, nameless)).toMatchObject({
      created: false,
    });
  });

  test('with another definition is in conflict, naming the field', async () => {
    const shop = await room.openShop();
    given(await room.catalog.createBillableMetric(shop, definition));
    const again = (input: object) =>
      room.catalog.createBillableMetric(shop, { ...definition, ...input });
    expect(refusalText(await again({ eventType: 'x' }))).toBe('Conflict eventType');
    expect(refusalText(await again({ property: 'x' }))).toBe('Conflict property');
    expect(refusalText(await again({ filter: [] }))).toBe('Conflict filter');
    expect(refusalText(await again({ name: 'x' }))).toBe('Conflict name');
  });
});

describe('a price', () => {
  test('is made on the default card with its first rate, from the beginning of time', async () => {
    const shop = await room.openShop();
    const outcome = given(await createPrice(shop, { dimensions: { model: 'a', region: '*' } }));
    expect(outcome.created).toBe(true);
    expect(await rateOf(outcome.rateId)).toMatchObject({
      unitAmount: '1',
      effectiveFrom: null,
      dimensions: { model: 'a' },
    });
    const [card] = await room.catalog.listRateCards(shop);
    expect(card).toMatchObject({ code: 'default' });
  });

  test('gets a dated rate from now on when the amount changes, and none when it does not', async () => {
    const shop = await room.openShop();
    const first = given(await createPrice(shop, {}));
    expect(await createPrice(shop, { unitAmount: '1.0' })).toEqual({ ...first, created: false });
    const second = given(await createPrice(shop, { unitAmount: '2' }));
    expect(second).toMatchObject({ priceId: first.priceId, created: true });
    expect((await rateOf(second.rateId)).effectiveFrom).toEqual(room.clock.now());
    expect(await createPrice(shop, { unitAmount: '2' })).toEqual({ ...second, created: false });
  });

  test('with dimensions of its own has a first rate of its own', async () => {
    const shop = await room.openShop();
    given(await createPrice(shop, {}));
    const special = given(await createPrice(shop, { dimensions: { model: 'a' }, unitAmount: '5' }));
    expect((await rateOf(special.rateId)).effectiveFrom).toBeNull();
  });

  test('with the same dimensions and start has one amount for ever', async () => {
    const shop = await room.openShop();
    const dated = { effectiveFrom: '2026-06-01T02:00:00+02:00', dimensions: { b: '1', a: '2' } };
    const first = given(await createPrice(shop, dated));
    expect((await rateOf(first.rateId)).effectiveFrom).toEqual(new Date('2026-06-01T00:00:00Z'));
    const again = { effectiveFrom: '2026-06-01T00:00:00Z', dimensions: { a: '2', b: '1' } };
    expect(await createPrice(shop, again)).toEqual({ ...first, created: false });
    expect(refusalText(await createPrice(shop, { ...again, unitAmount: '3' }))).toBe(
      'Conflict unitAmount',
    );
  });

  test('is another one on another card and in another asset', async () => {
    const shop = await room.openShop();
    given(await room.catalog.createAsset(shop, { code: 'CREDIT' }));
    const prices = [{}, { rateCard: 'partners' }, { asset: 'CREDIT' }];
    const made: string[] = [];
    for (const input of prices) made.push(given(await createPrice(shop, input)).priceId);
    expect(new Set(made).size).toBe(3);
    expect(await room.catalog.listPrices(shop, { rateCard: 'partners' })).toHaveLength(1);
    expect(await room.catalog.listPrices(shop, { metric: 'calls' })).toHaveLength(3);
    expect(await room.catalog.listPrices(shop, { metric: 'none' })).toEqual([]);
    expect(await room.catalog.countPrices(shop, { rateCard: '\u0000' })).toBe(0);
  });

  test('takes concurrent changes one after the other: each is dated, none is lost', async () => {
    const shop = await room.openShop();
    const amounts = ['1', '2', '3', '4', '5', '6', '7', '8'];
    const outcomes = await Promise.all(
      amounts.map((unitAmount) => createPrice(shop, { unitAmount })),
    );
    expect(outcomes.map(given).every(({ created }) => created)).toBe(true);
    const rates = await room.db.prisma.rate.findMany({
      where: { organizationId: shop.organizationId },
    });
    const starts = rates.map(({ effectiveFrom }) => effectiveFrom?.getTime() ?? null);
    expect(new Set(starts).size).toBe(amounts.length);
    expect(starts.filter((start) => start === null)).toHaveLength(1);
  });
});
