import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, PRO, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  await shop.plan('big', { asset: 'USD', fees: [{ code: 'base', amount: '50' }] });
  for (const [who, plan] of [
    ['ada', 'pro'],
    ['bob', 'pro'],
    ['cyd', 'big'],
  ] as const) {
    await shop.customer(who, '100');
    const id = await shop.subscribed(who, plan);
    if (who === 'bob') await shop.cancel(id, 'NOW');
  }
});
afterAll(() => shop.stop());

async function list(args: string) {
  const { subscriptions } = await shop.run(
    `{ subscriptions${args} { edges { cursor node { customer { externalId } } } pageInfo { hasNextPage } } }`,
  );
  const who = subscriptions.edges.map(
    ({ node }: { node: { customer: { externalId: string } } }) => node.customer.externalId,
  );
  return { who, cursor: subscriptions.edges[0]?.cursor };
}

it('all subscriptions are listed, of a plan and as they stand, newest first', async () => {
  expect((await list('')).who).toEqual(['cyd', 'bob', 'ada']);
  expect((await list('(plan: "pro")')).who).toEqual(['bob', 'ada']);
  expect((await list('(plan: "pro", status: ACTIVE)')).who).toEqual(['ada']);
  expect((await list('(status: CANCELED)')).who).toEqual(['bob']);
  expect((await list('(plan: "nothing")')).who).toEqual([]);
});

it('a page goes on behind one that is not in the list any more', async () => {
  const { cursor } = await list('(plan: "pro", first: 1)');
  expect((await list(`(plan: "pro", status: ACTIVE, after: "${cursor}")`)).who).toEqual(['ada']);
});
