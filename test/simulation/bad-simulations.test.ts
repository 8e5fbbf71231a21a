import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { KEY, setUpCalls, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let otherKey: string;
let input: Record<string, unknown>;

const SIMULATE = `query ($input: SimulateInput!) { simulate(input: $input) {
  __typename
  ... on Simulation {
    planVersion { id number status plan { code } } from to countedFrom asOf events
    unrated { reason events examples { usageEvent { eventId } error { __typename code message } } }
    totals {
      asset { code } actual simulated difference customersLeftOut
      metrics { metric { code } quantity actual simulated difference }
      customers { customer { externalId } actual simulated difference }
    }
  }
  ... on Error { code message retryable }
  ... on ValidationError { issues { path code message } }
  ... on NotFoundError { path what given }
} }`;

const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

async function run(document: string, variables: object = {}, key: string | null = KEY) {
  const { data, errors } = await api.ask(document, variables, key);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const simulate = async (more: object = {}, key: string | null = KEY) =>
  (await run(SIMULATE, { input: { ...input, ...more } }, key)).simulate;

/** `path code` of everything that is wrong. */
async function issuesOf(more: object): Promise<string[]> {
  const { __typename, issues } = await simulate(more);
  expect(__typename).toBe('ValidationError');
  return issues.map((issue: { path: string; code: string }) => `${issue.path} ${issue.code}`);
}

const use = (eventId: string, customer = 'acme') =>
  run(
    `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
      ... on UsageRecorded { event { id } } ... on Error { message } } }`,
    { input: { customer: { externalId: customer }, eventId, type: 'api.call' } },
  );

const savePlan = (code: string, definition: object, key: string | null = KEY) =>
  run(
    `mutation ($input: SavePlanDraftInput!) { savePlanDraft(input: $input) {
      ... on SavePlanDraftPayload { version { id } } ... on Error { message } } }`,
    { input: { code, definition } },
    key,
  ).then(({ savePlanDraft }) => savePlanDraft.version.id as string);

beforeAll(async () => {
  api = await startApi();
  await setUpCalls(api.ask);
  otherKey = await api.otherKey();
  for (const eventId of ['first', 'second', 'third']) await use(eventId);
  await savePlan('dear', { prices: [{ metric: 'calls', asset: 'USD', unitAmount: '1.5' }] });
});
afterAll(() => api.stop());
beforeEach(() => {
  input = { plan: 'dear', from: hoursFromNow(-1) };
});

test('a draft is simulated for everybody, with all that there is to tell', async () => {
  const { countedFrom, from, to, asOf, ...told } = await simulate();
  expect(told).toEqual({
    __typename: 'Simulation',
    planVersion: {
      id: expect.stringMatching(/^planver_/),
      number: 1,
      status: 'DRAFT',
      plan: { code: 'dear' },
    },
    events: 3,
    unrated: [],
    totals: [
      {
        asset: { code: 'USD' },
        actual: '3',
        simulated: '4.5',
        difference: '1.5',
        customersLeftOut: 0,
        metrics: [
          {
            metric: { code: 'calls' },
            quantity: '3',
            actual: '3',
            simulated: '4.5',
            difference: '1.5',
          },
        ],
        customers: [
          {
            customer: { externalId: 'acme' },
            actual: '3',
            simulated: '4.5',
            difference: '1.5',
          },
        ],
      },
    ],
  });
  // No price depends on what was used before, so that nothing before the span is read.
  expect(countedFrom).toBe(from);
  expect(Date.parse(to)).toBeLessThanOrEqual(Date.parse(asOf));
  expect((await simulate({ topCustomers: 0 })).totals[0]).toMatchObject({
    customers: [],
    customersLeftOut: 1,
  });
});

test('usage that could not be rated is told as recordUsage would say it', async () => {
  const prices = [{ metric: 'calls', asset: 'USD', model: 'GIVEN', property: 'cost' }];
  await savePlan('given', { prices });
  const { events, unrated, totals } = await simulate({ plan: 'given' });
  expect(events).toBe(0);
  expect(unrated).toEqual([
    {
      reason: 'VALIDATION_FAILED',
      events: 3,
      examples: [
        {
          usageEvent: { eventId: 'first' },
          error: {
            __typename: 'ValidationError',
            code: 'VALIDATION_FAILED',
            message: expect.stringContaining('properties.cost'),
          },
        },
      ],
    },
  ]);
  expect(totals).toMatchObject([{ actual: '3', simulated: '0', difference: '-3' }]);
});

test('a plan, a version or a customer that is not there is not found', async () => {
  expect(await simulate({ plan: 'nothing' })).toMatchObject({
    __typename: 'NotFoundError',
    path: 'plan',
    what: 'PlanVersion',
    given: 'nothing',
  });
  for (const plan of [
    'planver_01h455vb4pex5vsknk084sn02q',
    'plan_01h455vb4pex5vsknk084sn02q',
    '',
    'nul\u0000',
  ]) {
    expect(await simulate({ plan }), plan).toMatchObject({ __typename: 'NotFoundError' });
  }
  for (const customer of [
    { externalId: 'nobody' },
    { id: 'customer_01h455vb4pex5vsknk084sn02q' },
  ]) {
    expect(await simulate({ customer })).toMatchObject({ path: 'customer', what: 'Customer' });
  }
});

test('what is of another organization is as if it were not there', async () => {
  const theirs = await savePlan('theirs', { entitlements: [] }, otherKey);
  expect(await simulate({ plan: 'theirs' })).toMatchObject({ __typename: 'NotFoundError' });
  expect(await simulate({ plan: theirs })).toMatchObject({ __typename: 'NotFoundError' });
  expect(await simulate({}, otherKey)).toMatchObject({ __typename: 'NotFoundError' });
});

test('a draft that could not be published is refused', async () => {
  await savePlan('empty', {});
  expect(await issuesOf({ plan: 'empty' })).toEqual(['plan TOO_FEW']);
});

test('a price that cannot price what its metric counts is refused when the draft is saved', async () => {
  await run(`mutation { createBillableMetric(input: { code: "peak", eventType: "peak", aggregation: MAX, property: "n" }) {
    __typename } }`);
  const prices = [{ metric: 'peak', asset: 'USD', model: 'FLAT', flatAmount: '1' }];
  const { savePlanDraft } = await run(
    `mutation ($input: SavePlanDraftInput!) { savePlanDraft(input: $input) {
      __typename ... on ValidationError { issues { path code } } } }`,
    { input: { code: 'peaks', definition: { prices } } },
  );
  expect(savePlanDraft).toEqual({
    __typename: 'ValidationError',
    issues: [{ path: 'definition.prices.0.model', code: 'NOT_ALLOWED' }],
  });
});

test('a span that is none, is too long, or is in the future is refused', async () => {
  const from = hoursFromNow(-2);
  expect(await issuesOf({ from, to: from })).toEqual(['to OUT_OF_RANGE']);
  expect(await issuesOf({ from, to: hoursFromNow(-3) })).toEqual(['to OUT_OF_RANGE']);
  expect(await issuesOf({ from, to: hoursFromNow(1) })).toEqual(['to OUT_OF_RANGE']);
  expect(await issuesOf({ from: hoursFromNow(1) })).toEqual(['to OUT_OF_RANGE']);
  expect(await issuesOf({ from: hoursFromNow(-24 * 366 - 1) })).toEqual(['from OUT_OF_RANGE']);
  expect(await issuesOf({ from: 'yesterday', to: 'today' })).toEqual([
    'from NOT_AN_INSTANT',
    'to NOT_AN_INSTANT',
  ]);
  expect(await issuesOf({ topCustomers: 101 })).toEqual(['topCustomers OUT_OF_RANGE']);
  expect(await issuesOf({ topCustomers: -1 })).toEqual(['topCustomers OUT_OF_RANGE']);
});

test('it takes usage:read, and is not for the token of a customer', async () => {
  const keyWith = async (scopes: string[]) =>
    (
      await run(
        `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
          ... on CreateApiKeyPayload { secret } } }`,
        { input: { name: scopes.join(), scopes } },
      )
    ).createApiKey.secret;
  const closed = await api.ask(SIMULATE, { input }, await keyWith(['catalog:read']));
  expect(closed.errors?.map(({ extensions }) => extensions)).toMatchObject([
    { code: 'FORBIDDEN', scope: 'usage:read' },
  ]);
  const open = await api.ask(
    'query ($input: SimulateInput!) { simulate(input: $input) { ... on Simulation { events } } }',
    { input },
    await keyWith(['usage:read']),
  );
  expect(open).toMatchObject({ data: { simulate: { events: 3 } } });
  const { createCustomerToken } = await run(
    `mutation { createCustomerToken(input: { customer: { externalId: "acme" } }) {
      ... on CreateCustomerTokenPayload { token } } }`,
  );
  const customers = await simulate({}, createCustomerToken.token);
  expect(customers).toMatchObject({ __typename: 'NotFoundError', given: 'dear' });
});
