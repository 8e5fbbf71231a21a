import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPlanShop, type PlanShop, REFUSED } from './plans-fixture.ts';

let shop: PlanShop;
let code: string;
let packs = 0;

beforeAll(async () => {
  shop = await openPlanShop();
});
afterAll(() => shop.stop());
beforeEach(() => {
  packs += 1;
  code = `credits_${packs}`;
});

const PACK = {
  asset: 'CREDIT',
  amount: '1000',
  priceAsset: 'USD',
  price: '9.99',
  discounts: [{ quantity: 5, percent: '10' }],
  bonuses: [{ quantity: 10, percent: '5' }],
};

const save = async (input: object = PACK) =>
  (
    await shop.ask(
      `mutation ($input: SaveCreditPackInput!) { saveCreditPack(input: $input) {
        ... on SaveCreditPackPayload {
          changed
          pack {
            id code name asset amount priceAsset price maxQuantity expiresAfterDays archivedAt
            discounts { quantity percent } bonuses { quantity percent }
          }
        }
        ${REFUSED}
      } }`,
      { input: { code, ...input } },
    )
  ).saveCreditPack;

const archive = async (archived?: boolean) =>
  (
    await shop.ask(
      `mutation ($input: ArchiveCreditPackInput!) { archiveCreditPack(input: $input) {
        ... on ArchiveCreditPackPayload { pack { archivedAt } } ${REFUSED}
      } }`,
      { input: { pack: code, archived } },
    )
  ).archiveCreditPack;

test('a pack is saved, and saving it again changes nothing', async () => {
  const first = await save({ ...PACK, name: 'Thousand' });
  expect(first).toEqual({
    changed: true,
    pack: {
      id: expect.stringMatching(/^pack_/),
      code,
      name: 'Thousand',
      maxQuantity: 100,
      expiresAfterDays: null,
      archivedAt: null,
      ...PACK,
    },
  });
  expect(await save()).toEqual({ ...first, changed: false });
  const changed = await save({ ...PACK, discounts: null, price: '8' });
  expect(changed).toMatchObject({
    changed: true,
    pack: { id: first.pack.id, price: '8', discounts: [] },
  });
});

test('what so many cost is quoted from the pack', async () => {
  await save();
  const quote = (quantity: number) =>
    shop.api.ask(
      `query ($pack: String!, $quantity: Int!) { creditPack(pack: $pack) { quote(quantity: $quantity) {
        quantity amount bonus listPrice discountPercent price
      } } }`,
      { pack: code, quantity },
    );
  expect((await quote(10)).data.creditPack.quote).toEqual({
    quantity: 10,
    amount: '10000',
    bonus: '500',
    listPrice: '99.9',
    discountPercent: '10',
    price: '89.91',
  });
  for (const quantity of [0, -1, 101]) {
    const { errors } = await quote(quantity);
    expect(errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  }
});

test('an archived pack is not listed, and does not change until it is sold again', async () => {
  await save();
  const listed = async (archived: boolean) => {
    const { creditPacks } = await shop.ask(
      'query ($archived: Boolean) { creditPacks(archived: $archived, last: 100) { edges { node { code } } } }',
      { archived },
    );
    return creditPacks.edges.some((edge: { node: { code: string } }) => edge.node.code === code);
  };
  expect((await archive()).pack.archivedAt).toMatch(/Z$/);
  expect([await listed(false), await listed(true)]).toEqual([false, true]);
  expect(await save({ ...PACK, price: '1' })).toMatchObject({ code: 'CONFLICT' });
  expect(await archive(false)).toEqual({ pack: { archivedAt: null } });
  expect(await save()).toMatchObject({ changed: false });
});

test.each<[string, object, object]>([
  ['an asset that is not there', { asset: 'GPU' }, { code: 'NOT_FOUND', path: 'asset' }],
  ['a price in no asset', { priceAsset: 'GBP' }, { code: 'NOT_FOUND', path: 'priceAsset' }],
  [
    'a price finer than its money',
    { price: '9.999' },
    { issues: [{ path: 'price', code: 'SCALE_EXCEEDED' }] },
  ],
  ['half a credit', { amount: '0.5' }, { issues: [{ path: 'amount', code: 'SCALE_EXCEEDED' }] }],
  [
    'credit in one currency for another',
    { asset: 'EUR' },
    { issues: [{ path: 'priceAsset', code: 'NOT_ALLOWED' }] },
  ],
])('%s is refused', async (_what, change, expected) => {
  expect(await save({ ...PACK, ...change })).toMatchObject(expected);
  const { creditPack } = await shop.ask(
    'query ($pack: String!) { creditPack(pack: $pack) { id } }',
    {
      pack: code,
    },
  );
  expect(creditPack).toBeNull();
  expect(await archive()).toMatchObject({ code: 'NOT_FOUND', what: 'CreditPack' });
});
