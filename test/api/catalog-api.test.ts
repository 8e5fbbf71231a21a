import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, createApi } from '../../src/cli/api.ts';
import { KEY, startApi, type TestApi } from '../support/api.ts';

let server: TestApi;
let acme: Api;

beforeAll(async () => {
  server = await startApi();
  acme = apiOf(KEY);
});
afterAll(() => server.stop());

function apiOf(key: string): Api {
  return createApi({ endpoint: `${server.url}/graphql`, key });
}

async function keyOf(organization: string, scopes: string[] | null = null): Promise<Api> {
  const { access } = server.services;
  const issued = await access.issueKey({ organization, mode: 'TEST', name: 'Test', scopes });
  if ('refusal' in issued) throw new Error(issued.refusal);
  return apiOf(issued.secret);
}

const CREATE = `mutation Create($asset: CreateAssetInput!, $metric: CreateBillableMetricInput!, $price: CreatePriceInput!) {
  createAsset(input: $asset) {
    ... on CreateAssetPayload { created asset { id code kind scale minorUnits burnOrder } }
    ... on Error { code message retryable }
  }
  createBillableMetric(input: $metric) {
    ... on CreateBillableMetricPayload {
      created metric { id code aggregation property filter { property equals in exists } }
    }
    ... on Error { code }
  }
  createPrice(input: $price) {
    ... on CreatePricePayload {
      created
      rate { id dimensions unitAmount packageSize effectiveFrom price { metric { code } } }
      price { id asset { code } rateCard { code } rates(first: 1) { totalCount edges { node { unitAmount } } } }
    }
    ... on Error { code }
    ... on ValidationError { issues { path code } }
  }
}`;

const VARIABLES = {
  asset: { code: 'USD' },
  metric: {
    code: 'tokens',
    eventType: 'llm.request',
    aggregation: 'SUM',
    property: 'tokens',
    filter: [{ property: 'region', equals: 'eu' }],
  },
  price: { metric: 'tokens', asset: 'USD', unitAmount: '2.50', dimensions: { model: 'a' } },
};

// biome-ignore lint/suspicious/noExplicitAny: the answers of these tests have many shapes
type Answer = any;

test('an asset, a metric and a price are created, and answer the same when created again', async () => {
  const first = await acme.send<Answer>(CREATE, VARIABLES);
  expect(first).toEqual({
    createAsset: {
      created: true,
      asset: {
        id: expect.stringMatching(/^asset_/),
        code: 'USD',
        kind: 'FIAT',
        scale: 12,
        minorUnits: 2,
        burnOrder: 'PRIORITY',
      },
    },
    createBillableMetric: {
      created: true,
      metric: {
        id: expect.stringMatching(/^metric_/),
        code: 'tokens',
        aggregation: 'SUM',
        property: 'tokens',
        filter: [{ property: 'region', equals: 'eu', in: null, exists: null }],
      },
    },
    createPrice: {
      created: true,
      rate: {
        id: expect.stringMatching(/^rate_/),
        dimensions: { model: 'a' },
        unitAmount: '2.5',
        packageSize: '1',
        effectiveFrom: null,
        price: { metric: { code: 'tokens' } },
      },
      price: {
        id: expect.stringMatching(/^price_/),
        asset: { code: 'USD' },
        rateCard: { code: 'default' },
        rates: { totalCount: 1, edges: [{ node: { unitAmount: '2.5' } }] },
      },
    },
  });
  const again = await acme.send<Answer>(CREATE, VARIABLES);
  expect(again).toEqual({
    createAsset: { ...first.createAsset, created: false },
    createBillableMetric: { ...first.createBillableMetric, created: false },
    createPrice: { ...first.createPrice, created: false },
  });
});

test('a refusal is a typed error with its code and paths', async () => {
  const answer = await acme.send<Answer>(CREATE, {
    asset: { code: 'USD', scale: 2 },
    metric: { ...VARIABLES.metric, property: 'other' },
    price: { ...VARIABLES.price, unitAmount: '-1', effectiveFrom: 'soon' },
  });
  expect(answer).toEqual({
    createAsset: {
      code: 'CONFLICT',
      message: expect.stringContaining('scale'),
      retryable: false,
    },
    createBillableMetric: { code: 'CONFLICT' },
    createPrice: {
      code: 'VALIDATION_FAILED',
      issues: [
        { path: 'unitAmount', code: 'NEGATIVE' },
        { path: 'effectiveFrom', code: 'NOT_AN_INSTANT' },
      ],
    },
  });
});

const READ = `query Read($dimensions: JSON) {
  asset(asset: "USD") { id }
  billableMetric(metric: "tokens") { id }
  assets { totalCount edges { node { id } } }
  billableMetrics(eventType: "llm.request") { totalCount edges { node { id } } }
  rateCards { totalCount edges { node { id code } } }
  prices(metric: "tokens", rateCard: "default") {
    totalCount
    edges { node { id rates { edges { node { id } } } } }
  }
  effectiveRates(metric: "tokens", dimensions: $dimensions) { id }
}`;

/** Every id in an answer. */
function idsOf(answer: Answer): string[] {
  return [...JSON.stringify(answer).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? '');
}

test('everything that was created is found by its name, in its list and by its id', async () => {
  const answer = await acme.send<Answer>(READ, { dimensions: { model: 'a' } });
  expect(answer).toMatchObject({
    asset: { id: expect.any(String) },
    billableMetric: { id: expect.any(String) },
    assets: { totalCount: 1 },
    billableMetrics: { totalCount: 1 },
    rateCards: { totalCount: 1 },
    prices: { totalCount: 1 },
    effectiveRates: [{ id: expect.any(String) }],
  });
  const ids = [...new Set(idsOf(answer))];
  const { nodes } = await acme.send<Answer>(NODES, { ids });
  expect(nodes).toEqual(ids.map((id) => ({ id, __typename: expect.any(String) })));
  expect(new Set(nodes.map((node: Answer) => node.__typename))).toEqual(
    new Set(['Asset', 'BillableMetric', 'RateCard', 'Price', 'Rate']),
  );
});

const NODES = 'query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }';

test('another organization sees nothing of it and can use none of its ids', async () => {
  const ids = idsOf(await acme.send(READ, { dimensions: { model: 'a' } }));
  const stranger = await keyOf('Stranger');
  expect(idsOf(await stranger.send(READ, { dimensions: { model: 'a' } }))).toEqual([]);
  const { nodes } = await stranger.send<Answer>(NODES, { ids });
  expect(nodes).toEqual(ids.map(() => null));
  const [asset, metric] = ids;
  const variables = { ...VARIABLES, price: { ...VARIABLES.price, metric, asset } };
  const { createPrice } = await stranger.send<Answer>(CREATE, variables);
  expect(createPrice).toEqual({ code: 'NOT_FOUND' });
});

test('a key without the scope reads nothing and writes nothing', async () => {
  const writer = await keyOf('Scopes', ['catalog:write']);
  await expect(writer.send(READ, {})).rejects.toThrow('FORBIDDEN');
  const reader = await keyOf('Scopes', ['catalog:read']);
  await expect(reader.send(CREATE, VARIABLES)).rejects.toThrow('FORBIDDEN');
});

test('dimensions of 10,000 levels are a typed error, of a mutation and of a query', async () => {
  // Written by hand: JSON.stringify goes no deeper than the stack.
  const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  const send = async (query: string, variables: object): Promise<Answer> => {
    const body = JSON.stringify({ query, variables }).replace('"DEEP"', deep);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` };
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    return response.json();
  };
  const price = { ...VARIABLES.price, dimensions: 'DEEP' };
  expect((await send(CREATE, { ...VARIABLES, price })).data.createPrice).toEqual({
    code: 'VALIDATION_FAILED',
    issues: [{ path: 'dimensions.a', code: 'BAD_FORMAT' }],
  });
  expect((await send(READ, { dimensions: 'DEEP' })).errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT', issues: [{ path: 'dimensions.a' }] } },
  ]);
});

test('wrong arguments of a query are a BAD_USER_INPUT error', async () => {
  await expect(acme.send(READ, { dimensions: { model: 1 } })).rejects.toThrow('BAD_USER_INPUT');
});
