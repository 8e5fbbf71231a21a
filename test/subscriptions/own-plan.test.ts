import { afterAll, beforeAll, expect, it } from 'vitest';
import { openShop, PRO, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  await shop.plan('big', { asset: 'USD', fees: [{ code: 'base', amount: '50' }] });
});
afterAll(() => shop.stop());

it('a customer reads the plan that he is on, and the one that he will be on, but no others', async () => {
  const who = await shop.customer('ada', '500');
  const id = await shop.subscribed(who, 'pro');
  await shop.given('changePlan', { subscription: id, plan: 'big', when: 'PERIOD_END' });
  const { createCustomerToken } = await shop.run(
    `mutation { createCustomerToken(input: { customer: { externalId: "ada" } }) {
      ... on CreateCustomerTokenPayload { token }
    } }`,
  );
  const read = (document: string) => shop.api.ask(document, { id }, createCustomerToken.token);
  expect(
    await read(`query ($id: ID!) { subscription(id: $id) {
      plan { code } planVersion { number definition { fees { amount } } }
      scheduledChange { planVersion { plan { code } } }
    } }`),
  ).toMatchObject({
    data: {
      subscription: {
        plan: { code: 'pro' },
        planVersion: { number: 1, definition: { fees: [{ amount: '20' }] } },
        scheduledChange: { planVersion: { plan: { code: 'big' } } },
      },
    },
  });
  const { errors = [] } = await read('{ plans { edges { node { code } } } }');
  expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
});
