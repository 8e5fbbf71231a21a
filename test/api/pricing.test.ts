import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ask, startApi, type TestApi } from '../support/api.ts';

let server: TestApi;
let ask: Ask;

beforeAll(async () => {
  server = await startApi();
  ask = server.ask;
  await ask(`mutation {
    createAsset(input: { code: "USD" }) { __typename }
    createCustomer(input: { externalId: "acme" }) { __typename }
    grantCredit(input: { customer: { externalId: "acme" }, asset: "USD", amount: "100" }) { __typename }
  }`);
});
afterAll(() => server?.stop());

const PRICE = `mutation ($input: CreatePriceInput!) { createPrice(input: $input) {
  ... on CreatePricePayload { rate {
    model unitAmount packageSize
    terms { tiers { upTo unitAmount flatAmount } percent fixedAmount minimumAmount maximumAmount property flatAmount }
  } }
  ... on Error { code }
  ... on ValidationError { issues { path code } }
} }`;

const RECORD = `mutation ($input: UsageEventInput!) { recordUsage(input: $input) {
  ... on UsageRecorded { charges { quantity amount rate { model } } }
  ... on Error { code }
  ... on ValidationError { issues { path code } }
} }`;

/** A metric that sums `units` of its own type of event, with a price. */
async function sell(metric: string, price: object) {
  await ask(
    `mutation ($code: String!) { createBillableMetric(input: { code: $code, eventType: $code, aggregation: SUM, property: "units" }) { __typename } }`,
    { code: metric },
  );
  const { data, errors } = await ask(PRICE, { input: { metric, asset: 'USD', ...price } });
  expect(errors).toBeUndefined();
  return data.createPrice;
}

let sent = 0;
async function record(type: string, properties: object) {
  sent += 1;
  const event = { customer: { externalId: 'acme' }, eventId: `event ${sent}`, type, properties };
  const { data, errors } = await ask(RECORD, { input: event });
  expect(errors).toBeUndefined();
  return data.recordUsage;
}

const NO_TERMS = {
  tiers: null,
  percent: null,
  fixedAmount: null,
  minimumAmount: null,
  maximumAmount: null,
  property: null,
  flatAmount: null,
};

test('tiers are given, read back, and charged as usage comes', async () => {
  const tiers = [
    { upTo: '10', unitAmount: '1.50' },
    { unitAmount: '1', flatAmount: '0.25' },
  ];
  expect(await sell('graduated', { model: 'GRADUATED', tiers })).toEqual({
    rate: {
      model: 'GRADUATED',
      unitAmount: null,
      packageSize: '1',
      terms: {
        ...NO_TERMS,
        tiers: [
          { upTo: '10', unitAmount: '1.5', flatAmount: '0' },
          { upTo: null, unitAmount: '1', flatAmount: '0.25' },
        ],
      },
    },
  });
  const amounts: string[] = [];
  for (const units of [8, 4, 1]) {
    const { charges } = await record('graduated', { units });
    amounts.push(charges[0].amount);
  }
  expect(amounts).toEqual(['12', '5.25', '1']);
});

test('what is included is a tier that costs nothing', async () => {
  const { rate } = await sell('included', { unitAmount: '0.5', includedQuantity: '3' });
  expect(rate).toMatchObject({
    model: 'GRADUATED',
    terms: {
      tiers: [
        { upTo: '3', unitAmount: '0' },
        { upTo: null, unitAmount: '0.5' },
      ],
    },
  });
  expect((await record('included', { units: 5 })).charges).toEqual([
    { quantity: '5', amount: '1', rate: { model: 'GRADUATED' } },
  ]);
});

test('a percentage keeps what it was given, and is charged within its bounds', async () => {
  const terms = { percent: '2.9', fixedAmount: '0.3', maximumAmount: '5' };
  const { rate } = await sell('percentage', { model: 'PERCENTAGE', ...terms });
  expect(rate).toMatchObject({ model: 'PERCENTAGE', terms: { ...NO_TERMS, ...terms } });
  expect((await record('percentage', { units: '100' })).charges[0].amount).toBe('3.2');
  expect((await record('percentage', { units: '1000' })).charges[0].amount).toBe('5');
});

test('an event that asks for more than a given price allows is refused by its property', async () => {
  await sell('given', { model: 'GIVEN', property: 'cost', maximumAmount: '2' });
  expect((await record('given', { units: 1, cost: '1.5' })).charges[0].amount).toBe('1.5');
  const refused = {
    code: 'VALIDATION_FAILED',
    issues: [{ path: 'properties.cost', code: 'OUT_OF_RANGE' }],
  };
  expect(await record('given', { units: 1, cost: '2.01' })).toEqual(refused);
  expect(await record('given', { units: 1 })).toMatchObject({
    issues: [{ path: 'properties.cost', code: 'REQUIRED' }],
  });
});

test('terms that do not belong together are a typed error', async () => {
  expect(await sell('wrong', { model: 'VOLUME', unitAmount: '1' })).toMatchObject({
    issues: [
      { path: 'tiers', code: 'REQUIRED' },
      { path: 'unitAmount', code: 'NOT_ALLOWED' },
    ],
  });
});

test('an event that is taken back is given back, and says so', async () => {
  await sell('wrong-units', { unitAmount: '2' });
  const recorded = await ask(
    `mutation { recordUsage(input: { customer: { externalId: "acme" }, eventId: "wrong", type: "wrong-units", properties: { units: 3 } }) {
      ... on UsageRecorded { event { id correctedAt } balances { balance { available } } }
    } }`,
  );
  const { event, balances } = recorded.data.recordUsage;
  expect(event.correctedAt).toBeNull();
  const correct = `mutation ($event: ID!) { correctUsage(input: { event: $event, description: "Counted twice" }) {
    ... on CorrectUsagePayload { created event { correctedAt charges { amount } } balances { balance { available } } }
    ... on Error { code }
  } }`;
  const { data } = await ask(correct, { event: event.id });
  expect(data.correctUsage).toMatchObject({
    created: true,
    event: { correctedAt: expect.any(String), charges: [{ amount: '6' }] },
  });
  const before = Number(balances[0].balance.available);
  expect(Number(data.correctUsage.balances[0].balance.available)).toBe(before + 6);
  expect((await ask(correct, { event: event.id })).data.correctUsage.created).toBe(false);
  expect((await ask(correct, { event: 'event_nothing' })).data.correctUsage).toEqual({
    code: 'NOT_FOUND',
  });
});

const USAGE = `query ($metric: String!, $at: DateTime) { customer(ref: { externalId: "acme" }) { usage(metric: $metric, at: $at) {
  dimensions quantity charged period { startsAt endsAt } asset { code } rate { model }
  tier { current { upTo unitAmount } next { upTo unitAmount } untilNext }
} } }`;

test('what was used in a month is told, with the tier that comes next', async () => {
  const tiers = [
    { upTo: '10', unitAmount: '0.1' },
    { upTo: '20', unitAmount: '0.05' },
    { unitAmount: '0.01' },
  ];
  await sell('told', { model: 'GRADUATED', tiers });
  const usage = async (at: string | null = null) =>
    (await ask(USAGE, { metric: 'told', at })).data.customer.usage;
  expect(await usage()).toEqual([]);
  await record('told', { units: 4 });
  expect(await usage()).toEqual([
    {
      dimensions: {},
      quantity: '4',
      charged: '0.4',
      period: {
        startsAt: expect.stringMatching(/-01T00:00:00.000Z$/),
        endsAt: expect.stringMatching(/-01T00:00:00.000Z$/),
      },
      asset: { code: 'USD' },
      rate: { model: 'GRADUATED' },
      tier: {
        current: { upTo: '10', unitAmount: '0.1' },
        next: { upTo: '20', unitAmount: '0.05' },
        untilNext: '6',
      },
    },
  ]);
  await record('told', { units: 16 });
  expect((await usage())[0].tier).toEqual({
    current: { upTo: null, unitAmount: '0.01' },
    next: null,
    untilNext: null,
  });
  expect(await usage('2020-01-01T00:00:00Z')).toEqual([]);
  const { errors } = await ask(USAGE, { metric: 'told', at: 'soon' });
  expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});
