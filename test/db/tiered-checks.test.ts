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
