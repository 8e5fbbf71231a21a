import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop, PRO, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await shop.plan('pro', PRO);
  await shop.plan('big', { asset: 'USD', fees: [{ code: 'base', amount: '50' }] });
});
afterAll(() => shop.stop());

/** What a customer is told with a token of his own, by whatever scopes a token has. */
async function asCustomer(externalId: string) {
  const { createCustomerToken } = await shop.run(
    `mutation ($ref: CustomerRef!) { createCustomerToken(input: { customer: $ref }) {
      ... on CreateCustomerTokenPayload { token }
    } }`,
    { ref: { externalId } },
  );
  return (document: string, variables: object) =>
    shop.api.ask(document, variables, createCustomerToken.token);
}

it('a customer reads the plan that he is on, and the one that he will be on, but no others', async () => {
  const who = await shop.customer('ada', '500');
  const id = await shop.subscribed(who, 'pro');
  await shop.given('changePlan', { subscription: id, plan: 'big', when: 'PERIOD_END' });
  const ask = await asCustomer('ada');
  const read = (document: string) => ask(document, { id });
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

describe('a customer previews a change', () => {
  const PREVIEW = `query ($input: SubscriptionChangeInput!) {
    preview: previewSubscriptionChange(input: $input) {
      __typename
      ... on SubscriptionChangePreview { nextAmount }
      ... on NotFoundError { path what given }
      ... on Error { code message }
    }
  }`;

  /** Somebody on `pro`, and what a token of his is told of a change to a plan. */
  async function previewer(externalId: string) {
    const who = await shop.customer(externalId, '500');
    const id = await shop.subscribed(who, 'pro');
    const ask = await asCustomer(externalId);
    const preview = async (plan: string, subscription = id, when = 'PERIOD_END') =>
      (await ask(PREVIEW, { input: { subscription, plan, when } })).data.preview;
    return { id, preview };
  }

  const missing = (given: string, what = 'Plan') => ({
    code: 'NOT_FOUND',
    path: 'plan',
    what,
    given,
  });

  it('of his own subscription to what is for sale, by every name of it', async () => {
    const { preview } = await previewer('bea');
    const { plan } = await shop.run('{ plan(plan: "big") { id latest { id } } }');
    for (const name of ['big', plan.id, plan.latest.id]) {
      expect(await preview(name)).toMatchObject({ nextAmount: '50' });
    }
  });

  it('but not to what was for sale once, is not yet, or no longer', async () => {
    const { preview } = await previewer('cid');
    const fee = (amount: string) => ({ asset: 'USD', fees: [{ code: 'base', amount }] });
    const former = await shop.plan('moved', fee('60'));
    const latest = await shop.plan('moved', fee('70'));
    const draft = { code: 'soon', name: 'soon', definition: fee('80') };
    const { version } = await shop.given('savePlanDraft', draft, 'version { id }');
    const archived = await shop.plan('gone', fee('90'));
    await shop.given('archivePlan', { plan: 'gone' }, 'plan { id }');
    expect(await preview(latest)).toMatchObject({ nextAmount: '70' });
    expect(await preview(former)).toMatchObject(missing(former, 'PlanVersion'));
    expect(await preview('soon')).toMatchObject(missing('soon'));
    expect(await preview(version.id)).toMatchObject(missing(version.id, 'PlanVersion'));
    expect(await preview('gone')).toMatchObject(missing('gone'));
    expect(await preview(archived)).toMatchObject(missing(archived, 'PlanVersion'));
    // Whose organization sells it may still look at it all.
    expect(await shop.run(PREVIEW, { input: await changeOf('cid', former) })).toMatchObject({
      preview: { nextAmount: '60' },
    });
  });

  it('and to each version that is open to those on his plan, whatever becomes of that', async () => {
    const own = await shop.plan('own', { asset: 'USD', fees: [{ code: 'base', amount: '5' }] });
    const who = await shop.customer('dan', '500');
    const id = await shop.subscribed(who, 'own');
    const { preview } = await previewer('dan');
    await shop.plan('own', { asset: 'USD', fees: [{ code: 'base', amount: '6' }] });
    await shop.given('archivePlan', { plan: 'own' }, 'plan { id }');
    expect(await preview(own, id)).toMatchObject({ nextAmount: '5' });
    expect(await preview('own', id)).toMatchObject({ nextAmount: '6' });
  });

  it("nor of anybody else's subscription", async () => {
    const { id } = await previewer('eve');
    const { preview } = await previewer('fay');
    expect(await preview('big', id)).toMatchObject({
      ...missing(id, 'PlanSubscription'),
      path: 'subscription',
    });
  });

  async function changeOf(externalId: string, plan: string) {
    const { customer } = await shop.run(
      'query ($ref: CustomerRef!) { customer(ref: $ref) { subscriptions { edges { node { id } } } } }',
      { ref: { externalId } },
    );
    return { subscription: customer.subscriptions.edges[0].node.id, plan, when: 'PERIOD_END' };
  }
});
