import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ask, startApi, type TestApi } from '../support/api.ts';

// The credit system of docs/pricing.md: several metrics draw on one pool of an asset of the merchant's own.

let server: TestApi;
let ask: Ask;

beforeAll(async () => {
  server = await startApi();
  ask = server.ask;
});
afterAll(() => server?.stop());

test('an image is 5 credits and a thousand tokens are 1, from one pool', async () => {
  const { errors } = await ask(`mutation {
    createCustomer(input: { externalId: "acme" }) { __typename }
    createAsset(input: { code: "CREDIT", scale: 2 }) { __typename }
    images: createBillableMetric(input: { code: "images", eventType: "image", aggregation: COUNT }) { __typename }
    tokens: createBillableMetric(input: { code: "tokens", eventType: "chat", aggregation: SUM, property: "tokens" }) { __typename }
    image: createPrice(input: { metric: "images", asset: "CREDIT", unitAmount: "5" }) { __typename }
    token: createPrice(input: { metric: "tokens", asset: "CREDIT", unitAmount: "1", packageSize: "1000" }) { __typename }
    grantCredit(input: { customer: { externalId: "acme" }, asset: "CREDIT", amount: "12", costBasis: "1.20" }) { __typename }
  }`);
  expect(errors).toBeUndefined();
  const use = async (eventId: string, type: string, properties: object = {}) => {
    const { data } = await ask(
      `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
        ... on UsageRecorded { charges { amount asset { code } } balances { balance { available } } }
        ... on InsufficientFundsError { code required available }
      } }`,
      { input: { customer: { externalId: 'acme' }, eventId, type, properties } },
    );
    return data.recordUsage;
  };
  const spent = (amount: string, available: string) => ({
    charges: [{ amount, asset: { code: 'CREDIT' } }],
    balances: [{ balance: { available } }],
  });
  expect(await use('an image', 'image')).toEqual(spent('5', '7'));
  expect(await use('a chat', 'chat', { tokens: 1_200 })).toEqual(spent('2', '5'));
  expect(await use('another image', 'image')).toEqual(spent('5', '0'));
  expect(await use('one too many', 'image')).toEqual({
    code: 'INSUFFICIENT_FUNDS',
    required: '5',
    available: '0',
  });
});
