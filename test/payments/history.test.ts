import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTill, type Till } from './till.ts';

let till: Till;

beforeAll(async () => {
  till = await openTill();
  await till.provider('wire', { manual: {} });
});
afterAll(async () => {
  await till?.stop();
});

const ITEM = `__typename
  ... on Payment { id status amount }
  ... on PaymentRefund { id amount }
  ... on CreditGrant { id amount }
  ... on Adjustment { id reason }
  ... on SubscriptionCharge { id code amount }
  ... on SubscriptionPeriod { startsAt }`;

interface Page {
  readonly edges: { cursor: string; node: { __typename: string; id?: string } }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
}

async function page(externalId: string, args: string, key?: string): Promise<Page> {
  const document = `query ($ref: CustomerRef!) { customer(ref: $ref) { history(${args}) {
    edges { cursor node { ${ITEM} } } pageInfo { hasNextPage hasPreviousPage } } } }`;
  return (await till.run(document, { ref: { externalId } }, key)).customer.history;
}

const kinds = ({ edges }: Page) => edges.map(({ node }) => node.__typename);

/** A customer who has paid, was given and was charged; oldest first. */
async function live(externalId: string) {
  const customer = { externalId: await till.customer(externalId) };
  const payment = await till.asked(externalId, { asset: 'USD', amount: '50' });
  await till.confirm(payment.id, 'bank');
  await till.given('createSubscription', { customer, plan: 'pro' }, 'subscription { id }');
  const given = { customer, asset: 'USD', amount: '5' };
  const { grant } = await till.given('grantCredit', given, 'grant { id }');
  await till.given('voidGrant', { grant: grant.id }, 'grant { id }');
  const refund = { payment: payment.id, amount: '10' };
  await till.given('refundPayment', refund, 'refund { id }');
  return { payment, grant };
}

const LIFE = [
  'Payment',
  'CreditGrant',
  'SubscriptionCharge',
  'SubscriptionPeriod',
  'CreditGrant',
  'Adjustment',
  'PaymentRefund',
];

describe('The history of a customer', () => {
  beforeAll(async () => {
    const definition = { interval: 'MONTH', asset: 'USD', fees: [{ code: 'base', amount: '30' }] };
    await till.given('savePlanDraft', { code: 'pro', name: 'Pro', definition }, 'version { id }');
    await till.given('publishPlan', { plan: 'pro' }, 'version { id }');
  });

  it('has payments, grants, what became of them, and what subscriptions cost, newest first', async () => {
    const { payment, grant } = await live('ada');
    await live('bob');
    const all = await page('ada', 'first: 100');
    expect(kinds(all)).toEqual([...LIFE].reverse());
    const nodes = [...all.edges].reverse().map(({ node }) => node);
    expect(nodes[0]).toMatchObject({ id: payment.id, status: 'SETTLED', amount: '50' });
    expect(nodes[2]).toMatchObject({ code: 'base', amount: '30' });
    expect(nodes[4]).toMatchObject({ id: grant.id });
    expect(nodes[5]).toMatchObject({ reason: 'VOID' });
    expect(nodes[6]).toMatchObject({ amount: '10' });
  });

  it.each([1, 2, 3, 7])('is read in pages of %i, in both directions', async (size) => {
    const all = (await page('ada', 'first: 100')).edges.map(({ cursor }) => cursor);
    const forward: string[] = [];
    for (let after = ''; ; after = `after: "${forward.at(-1)}"`) {
      const { edges, pageInfo } = await page('ada', `first: ${size} ${after}`);
      forward.push(...edges.map(({ cursor }) => cursor));
      if (!pageInfo.hasNextPage) break;
    }
    expect(forward).toEqual(all);
    const backward: string[] = [];
    for (let before = ''; ; before = `before: "${backward[0]}"`) {
      const { edges, pageInfo } = await page('ada', `last: ${size} ${before}`);
      backward.unshift(...edges.map(({ cursor }) => cursor));
      if (!pageInfo.hasPreviousPage) break;
    }
    expect(backward).toEqual(all);
  });

  it('ends at a place in the history of somebody else', async () => {
    const [first] = (await page('bob', 'first: 1')).edges;
    expect((await page('ada', `first: 5, after: "${first?.cursor}"`)).edges).toEqual([]);
  });

  it('shows a credential what it may read', async () => {
    const seen = async (...more: string[]) => {
      const scopes = ['customer:read', 'payment:read', ...more];
      const input = { name: `may ${more.join(' ')}`, scopes };
      const { secret } = await till.given('createApiKey', input, 'secret');
      return kinds(await page('ada', 'first: 100', secret)).reverse();
    };
    expect(await seen()).toEqual(['Payment', 'PaymentRefund']);
    expect(await seen('subscription:read')).toEqual(
      LIFE.filter((kind) => !['CreditGrant', 'Adjustment'].includes(kind)),
    );
    expect(await seen('subscription:read', 'wallet:read')).toEqual(LIFE);
  });
});
