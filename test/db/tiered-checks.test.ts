import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ask, setUpCalls, startApi, type TestApi } from '../support/api.ts';

// Prices that depend on what was used before: a check goes by the same counters as a charge.

let api: TestApi;
let ask: Ask;
let sent = 0;

beforeAll(async () => {
  api = await startApi();
  ask = api.ask;
  await setUpCalls(ask);
  const { data } = await ask(`mutation {
    createBillableMetric(input: { code: "mails", eventType: "mail", aggregation: SUM, property: "n" }) { __typename }
    createPrice(input: { metric: "mails", asset: "USD", model: GRADUATED, tiers: [
      { upTo: "3", unitAmount: "0" }, { upTo: "5", unitAmount: "2" }, { unitAmount: "4" }
    ] }) { __typename ... on Error { message } }
  }`);
  expect(data.createPrice).toEqual({ __typename: 'CreatePricePayload' });
});
afterAll(() => api.stop());

async function costOf(n: number): Promise<string> {
  const { data } = await ask(
    `query ($input: CanConsumeInput!) { canConsume(input: $input) { outcome required available } }`,
    { input: { customer: { externalId: 'acme' }, event: { type: 'mail', properties: { n } } } },
  );
  return `${data.canConsume.outcome} ${data.canConsume.required} of ${data.canConsume.available}`;
}

async function send(n: number): Promise<string> {
  sent += 1;
  const { data } = await ask(
    `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
      __typename ... on UsageRecorded { charges { amount } }
    } }`,
    {
      input: {
        customer: { externalId: 'acme' },
        eventId: `mail-${sent}`,
        type: 'mail',
        properties: { n },
      },
    },
  );
  return data.recordUsage.charges?.[0].amount ?? data.recordUsage.__typename;
}

test('a check knows what was used before, also what cost nothing and moved no wallet', async () => {
  expect(await costOf(4)).toBe('ALLOW 2 of 10');
  expect(await send(3)).toBe('0');
  expect(await costOf(1)).toBe('ALLOW 2 of 10');
  expect(await costOf(4)).toBe('DENY 12 of 10');
  expect(await send(1)).toBe('2');
  expect(await costOf(2)).toBe('ALLOW 6 of 8');
  expect(await costOf(3)).toBe('DENY 10 of 8');
  expect(await send(3)).toBe('InsufficientFundsError');
  expect(await send(2)).toBe('6');
});

const CUSTOMER = { customer: { externalId: 'acme' } };

/** What so much of a metric would cost, to a check and to a hold. */
async function estimates(metric: string, quantity: string): Promise<string[]> {
  const input = { ...CUSTOMER, metric, quantity };
  const { data } = await ask(
    `query ($input: CanConsumeInput!) { canConsume(input: $input) { outcome required } }`,
    { input },
  );
  const placed = await ask(
    `mutation ($input: PlaceHoldInput!) { placeHold(input: $input) {
      __typename ... on PlaceHoldPayload { hold { id amount } }
      ... on ValidationError { issues { path code message } } ... on InsufficientFundsError { required }
    } }`,
    { input: { ...input, asset: 'USD' } },
  );
  const { hold, required, issues } = placed.data.placeHold;
  if (hold) {
    await ask(`mutation ($hold: ID!) { releaseHold(input: { hold: $hold }) { __typename } }`, {
      hold: hold.id,
    });
  }
  const { outcome = null, required: checked = null } = data?.canConsume ?? {};
  return [`${outcome} ${checked}`, hold?.amount ?? required ?? issues[0].code];
}

test('an estimate of distinct values is for as many as are asked about', async () => {
  const { data } = await ask(`mutation {
    grantCredit(input: { customer: { externalId: "acme" }, asset: "USD", amount: "8" }) { __typename }
    createBillableMetric(input: { code: "users", eventType: "visit", aggregation: UNIQUE, property: "user",
      filter: [{ property: "user", exists: true }] }) { __typename }
    createPrice(input: { metric: "users", asset: "USD", model: GRADUATED, tiers: [
      { upTo: "2", unitAmount: "0" }, { unitAmount: "1" }
    ] }) { __typename ... on Error { message } }
  }`);
  expect(data.createPrice).toEqual({ __typename: 'CreatePricePayload' });
  expect(await estimates('users', '7')).toEqual(['ALLOW 5', '5']);
  expect(await estimates('users', '50')).toEqual(['DENY 48', '48']);
  expect(await estimates('users', '1.5')).toEqual(['null null', 'NOT_ALLOWED']);
});

test('an estimate of events counts the units that each makes', async () => {
  const { data } = await ask(`mutation {
    createBillableMetric(input: { code: "posts", eventType: "post", aggregation: COUNT, conversion: { multiply: "2" } }) {
      __typename ... on Error { message }
    }
    createPrice(input: { metric: "posts", asset: "USD", model: GRADUATED, tiers: [
      { upTo: "4", unitAmount: "1" }, { unitAmount: "0.5" }
    ] }) { __typename ... on Error { message } }
  }`);
  expect(data).toMatchObject({
    createBillableMetric: { __typename: 'CreateBillableMetricPayload' },
    createPrice: { __typename: 'CreatePricePayload' },
  });
  expect(await estimates('posts', '3')).toEqual(['ALLOW 5', '5']);
});
