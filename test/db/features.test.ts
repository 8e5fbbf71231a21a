import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ask, setUpCalls, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let ask: Ask;

beforeAll(async () => {
  api = await startApi();
  ask = api.ask;
  await setUpCalls(ask);
});
afterAll(() => api.stop());

const CREATE = `mutation ($input: CreateFeatureInput!) { createFeature(input: $input) {
  __typename
  ... on CreateFeaturePayload { created feature { id code name kind metric { code } } }
  ... on NotFoundError { path }
  ... on ConflictError { path }
  ... on ValidationError { issues { path code } }
} }`;

async function create(input: object) {
  const { data, errors } = await ask(CREATE, { input });
  expect(errors).toBeUndefined();
  return data.createFeature;
}

test('a feature is made once, and found by its code and its id', async () => {
  const first = await create({ code: 'api_calls', kind: 'METERED', metric: 'calls' });
  expect(first).toMatchObject({
    created: true,
    feature: { code: 'api_calls', name: 'api_calls', kind: 'METERED', metric: { code: 'calls' } },
  });
  const again = await create({ code: 'api_calls', kind: 'METERED', metric: 'calls' });
  expect(again).toEqual({ ...first, created: false });
  await create({ code: 'sso', name: 'Single sign-on', kind: 'BOOLEAN' });
  const { data } = await ask(
    `query ($id: String!) {
      byCode: feature(feature: "api_calls") { id }
      byId: feature(feature: $id) { code }
      none: feature(feature: "nothing") { id }
      features { totalCount edges { node { code kind metric { code } } } }
    }`,
    { id: first.feature.id },
  );
  expect(data).toEqual({
    byCode: { id: first.feature.id },
    byId: { code: 'api_calls' },
    none: null,
    features: {
      totalCount: 2,
      edges: [
        { node: { code: 'api_calls', kind: 'METERED', metric: { code: 'calls' } } },
        { node: { code: 'sso', kind: 'BOOLEAN', metric: null } },
      ],
    },
  });
});

test.each([
  ['another kind', { code: 'api_calls', kind: 'STATIC' }, 'ConflictError', 'kind'],
  [
    'another name',
    { code: 'api_calls', name: 'Calls', kind: 'METERED', metric: 'calls' },
    'ConflictError',
    'name',
  ],
  [
    'no such metric',
    { code: 'other', kind: 'METERED', metric: 'nothing' },
    'NotFoundError',
    'metric',
  ],
])('%s is refused', async (_what, input, type, path) => {
  expect(await create(input)).toEqual({ __typename: type, path });
});

test.each([
  ['no metric', { code: 'other', kind: 'METERED' }, 'metric', 'REQUIRED'],
  [
    'a metric of none',
    { code: 'other', kind: 'BOOLEAN', metric: 'calls' },
    'metric',
    'NOT_ALLOWED',
  ],
  ['a bad code', { code: '1st', kind: 'BOOLEAN' }, 'code', 'BAD_FORMAT'],
])('%s is bad input', async (_what, input, path, code) => {
  expect(await create(input)).toEqual({ __typename: 'ValidationError', issues: [{ path, code }] });
});
