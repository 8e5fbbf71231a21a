import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../live/harness.ts';
import { type Answer, askAt, KEY, setUpCalls, startApi, type TestApi } from '../support/api.ts';
import { type Held, holdWallets } from '../support/held-wallets.ts';

// More than can be charged: who finds the queue full is sent away at once, as a whole, and loses nothing.

/** Enough that some are in either lane. */
const CUSTOMERS = Array.from({ length: 24 }, (_, index) => `customer-${index}`);
const BATCH_SIZE = 1_000;
/** More than may wait in all, whichever lane they are in. */
const MAX_BATCHES = 60;

const ONE = `mutation One($input: UsageEventInput!) {
  recordUsage(input: $input) { __typename ... on UsageRecorded { duplicate } ... on Error { code } }
}`;
const MANY = `mutation Many($input: RecordUsageBatchInput!) {
  recordUsageBatch(input: $input) { ... on RecordUsageBatchPayload { recorded duplicates refused } }
}`;
const BESIDE = `mutation Beside($input: UsageEventInput!) {
  recordUsage(input: $input) { __typename }
  createAsset(input: { code: "BESIDE", name: "Beside" }) { __typename }
}`;
const BY_FRAGMENT = `mutation ByFragment($input: UsageEventInput!) { ...Charge }
  fragment Charge on Mutation { recordUsage(input: $input) { __typename } }`;
const NOT_ONLY_USAGE = [BESIDE, BY_FRAGMENT];
const READ = '{ customer(ref: { externalId: "customer-0" }) { wallets { balance { settled } } } }';

let api: TestApi;
let held: Held | null = null;

beforeAll(async () => {
  api = await startApi();
  await setUpCalls(api.ask, 'customer-0', '1000000');
  for (const externalId of CUSTOMERS.slice(1)) await fund(externalId);
});
afterAll(async () => {
  await held?.release();
  await api.stop();
});

async function fund(externalId: string): Promise<void> {
  const { errors } = await api.ask(
    `mutation ($customer: CreateCustomerInput!, $grant: GrantCreditInput!) {
      createCustomer(input: $customer) { __typename }
      grantCredit(input: $grant) { __typename }
    }`,
    {
      customer: { externalId },
      grant: { customer: { externalId }, asset: 'USD', amount: '1000000' },
    },
  );
  if (errors) throw new Error(JSON.stringify(errors));
}

const eventOf = (eventId: string, customer = 'customer-0') => ({
  customer: { externalId: customer },
  eventId,
  type: 'api.call',
});

const batchOf = (name: string) => ({
  input: {
    events: Array.from({ length: BATCH_SIZE }, (_, index) =>
      eventOf(`${name}-${index}`, CUSTOMERS[index % CUSTOMERS.length]),
    ),
  },
});

const ask = (document: string, eventId: string, key: string | null = KEY) =>
  askAt(api.url)(document, { input: eventOf(eventId) }, key);
const one = (eventId: string, key: string | null = KEY) => ask(ONE, eventId, key);

test('a full queue refuses charges as a whole, and takes them when there is room again', async () => {
  // Documents that were seen before are the ones that are refused by their text.
  expect((await one('before')).data.recordUsage.__typename).toBe('UsageRecorded');
  expect((await api.ask(MANY, batchOf('before'))).data.recordUsageBatch.recorded).toBe(BATCH_SIZE);

  for (const document of NOT_ONLY_USAGE) await ask(document, 'before that');

  held = await holdWallets(api.databaseUrl);
  const sent: Promise<Answer>[] = [];
  // Chance decides how many of the customers are in which lane.
  await until(() => {
    if (sent.length < MAX_BATCHES) sent.push(api.ask(MANY, batchOf(`${sent.length}`)));
    return api.services.usage.queue.isFull();
  });

  const refused = await one('refused');
  expect(refused).toMatchObject({ status: 503 });
  expect(refused.data).toBeUndefined();
  expect(refused.errors).toEqual([
    {
      message: expect.stringContaining('again later'),
      extensions: {
        code: 'OVERLOADED',
        retryable: true,
        retryAfterMs: 1_000,
        requestId: expect.any(String),
      },
    },
  ]);
  // Reads go on, and who has shown no credential is told of that.
  expect((await api.ask(READ)).status).toBe(200);
  expect((await one('nobody', null)).errors?.[0].extensions.code).toBe('UNAUTHENTICATED');

  // What is not usage alone is executed, though it may have to wait for its part.
  const executed = NOT_ONLY_USAGE.map((document, index) => ask(document, `beside-${index}`));

  await held.release();
  held = null;
  for (const { data } of await Promise.all(executed)) {
    expect(data.recordUsage.__typename).toBe('UsageRecorded');
  }
  const counts = (await Promise.all(sent)).map(countsOf);
  for (const { recorded, refused: no } of counts) expect(recorded + no).toBe(BATCH_SIZE);
  expect(counts.some(({ recorded }) => recorded > 0)).toBe(true);
  expect((await one('refused')).data.recordUsage).toEqual({
    __typename: 'UsageRecorded',
    duplicate: false,
  });
  const again = [];
  for (const index of sent.keys()) {
    again.push(countsOf(await api.ask(MANY, batchOf(`${index}`))));
  }
  expect(again.map(({ recorded }) => recorded)).toEqual(counts.map(({ refused: no }) => no));
  expect(again.map(({ duplicates }) => duplicates)).toEqual(counts.map(({ recorded }) => recorded));
}, 60_000);

/** A batch that was refused as a whole has no counts of its own. */
function countsOf({ data, errors }: Answer) {
  if (data) return data.recordUsageBatch;
  expect(errors?.[0].extensions.code).toBe('OVERLOADED');
  return { recorded: 0, duplicates: 0, refused: BATCH_SIZE };
}
