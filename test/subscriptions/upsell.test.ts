import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, type Shop } from './shop.ts';

// What is named as a help would help.

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.run(
    'mutation { createFeature(input: { code: "drawing", kind: METERED, metric: "images" }) { __typename } }',
  );
  const right = (more: object) => ({ entitlements: [{ feature: 'drawing', ...more }] });
  const windows = (limit: string) => [{ per: 'MINUTE', limit }];
  await shop.plan('had', right({ limit: '1000', perSubject: '10', windows: windows('30') }));
  await shop.plan('subjects', right({ perSubject: '20', windows: windows('30') }));
  await shop.plan('windows', right({ perSubject: '10', windows: windows('60') }));
  await shop.plan('few', right({ limit: '8' }));
  const pack = { asset: 'USD', priceAsset: 'USD' };
  await shop.given(
    'saveCreditPack',
    { code: 'small', amount: '10', price: '9', maxQuantity: 3, ...pack },
    'pack { id }',
  );
  await shop.given(
    'saveCreditPack',
    {
      code: 'bonus',
      amount: '10',
      price: '10',
      bonuses: [{ quantity: 2, percent: '50' }],
      ...pack,
    },
    'pack { id }',
  );
  await shop.given(
    'saveCreditPack',
    { code: 'other', asset: 'CREDIT', amount: '999', priceAsset: 'USD', price: '1' },
    'pack { id }',
  );
  const who = await shop.customer('ada', '1000');
  await shop.subscribed(who, 'had');
  await shop.customer('poor', '5');
});
afterAll(() => shop.stop());

async function check(input: object, who = 'ada') {
  const { canConsume } = await shop.run(
    `query ($input: CanConsumeInput!) { canConsume(input: $input) {
      outcome reason upsell { topUpAmount plans { code } packs { pack { code } quantity } }
    } }`,
    { input: { customer: { externalId: who }, ...input } },
  );
  return {
    ...canConsume,
    plans: canConsume.upsell?.plans.map((plan: { code: string }) => plan.code),
  };
}

it('a plan helps by everything that ends its right', async () => {
  expect(await check({ feature: 'drawing', quantity: '31' })).toMatchObject({
    reason: 'WINDOW_LIMIT_REACHED',
    plans: ['windows'],
  });
  expect(await check({ feature: 'drawing', quantity: '11', subject: 'bob' })).toMatchObject({
    reason: 'SUBJECT_LIMIT_REACHED',
    plans: ['subjects'],
  });
  expect(await check({ feature: 'drawing', quantity: '2000' })).toMatchObject({
    reason: 'LIMIT_REACHED',
    plans: [],
  });
});

it('a pack helps by so many as cover what is missing, if so many are sold', async () => {
  expect(await check({ metric: 'images', quantity: '26' }, 'poor')).toMatchObject({
    reason: 'INSUFFICIENT_FUNDS',
    upsell: {
      topUpAmount: '21',
      plans: [],
      packs: [
        { pack: { code: 'small' }, quantity: 3 },
        { pack: { code: 'bonus' }, quantity: 2 },
      ],
    },
  });
  expect(await check({ metric: 'images', quantity: '36' }, 'poor')).toMatchObject({
    upsell: { packs: [{ pack: { code: 'bonus' }, quantity: 3 }] },
  });
});
