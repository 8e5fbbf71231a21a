import { isObjectType } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { type Answer, setUpCalls, startApi, type TestApi } from '../support/api.ts';

// A mutation is refused before it runs when the answer that is asked for would be refused afterwards.

let api: TestApi;
let key: string;
let eventId: string;
let calls = 0;

beforeAll(async () => {
  api = await startApi();
  await setUpCalls(api.ask);
  const { data } = await api.ask(`mutation {
    createApiKey(input: { name: "Meter", scopes: ["usage:write", "usage:read"] }) {
      ... on CreateApiKeyPayload { secret }
    }
  }`);
  key = data.createApiKey.secret;
});
afterAll(() => api.stop());
beforeEach(() => {
  calls += 1;
  eventId = `call-${calls}`;
});

async function isRecorded(): Promise<boolean> {
  const query = `query ($eventId: String!) {
    usageEvents(filter: { eventId: $eventId }) { edges { node { id } } }
  }`;
  const { data } = await api.ask(query, { eventId });
  return data.usageEvents.edges.length === 1;
}

/** Records an event with the restricted key, and asks for this of it. */
function record(selection: string, more = '', fragments = ''): Promise<Answer> {
  const document = `mutation ($eventId: String!, $yes: Boolean = true) {
    recordUsage(input: {
      customer: { externalId: "acme" }, eventId: $eventId, type: "api.call"
    }) { __typename @include(if: $yes) ... on UsageRecorded { duplicate ${selection} } }
    ${more}
  } ${fragments}`;
  return api.ask(document, { eventId }, key);
}

function expectForbidden({ status, errors, data }: Answer, field: string, scope: string): void {
  expect(status).toBe(200);
  expect(data).toBeNull();
  expect(errors).toHaveLength(1);
  expect(errors?.[0]).toMatchObject({
    message: `This credential may not use ${field}: it lacks the scope ${scope}.`,
    path: ['recordUsage'],
    extensions: { code: 'FORBIDDEN', scope, requestId: expect.any(String) },
  });
}

test.each<[string, string, string, string?, string?]>([
  ['a field', 'event { customer { id } }', ''],
  ['a field that a variable includes', 'event { customer @include(if: $yes) { id } }', ''],
  [
    'a field in fragments',
    '...U',
    'fragment U on UsageRecorded { ... { ...V } } fragment V on UsageRecorded { event { customer { id } } }',
  ],
  [
    'a field of what may be null',
    'charges { draws { grant { id } } }',
    '',
    'GrantDraw.grant',
    'wallet:read',
  ],
])(
  'nothing runs for %s that the key may not use',
  async (_what, selection, fragments, field = 'UsageEvent.customer', scope = 'customer:read') => {
    expectForbidden(await record(selection, '', fragments), field, scope);
    expect(await isRecorded()).toBe(false);
  },
);

test('nothing runs when a later mutation of the operation would be refused', async () => {
  const grant = `grantCredit(input: { customer: { externalId: "acme" }, asset: "USD", amount: "1" }) {
    __typename
  }`;
  expectForbidden(await record('', grant), 'Mutation.grantCredit', 'wallet:write');
  expect(await isRecorded()).toBe(false);
});

test.each([
  ['what the key may use', 'event { eventId } charges { amount }'],
  ['what a variable skips', 'event { id customer @skip(if: $yes) { id } }'],
  [
    'what is in a fragment that is left out',
    'event { id ... @skip(if: $yes) { customer { id } } }',
  ],
])('a mutation runs that asks for %s', async (_what, selection) => {
  const { data, errors } = await record(selection);
  expect(errors).toBeUndefined();
  expect(data.recordUsage.duplicate).toBe(false);
  expect(await isRecorded()).toBe(true);
});

test('every scope in the graph is one that can be checked beforehand', () => {
  const scopes = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()))
    .map(({ extensions }) => extensions.pothosOptions as { authScopes?: object } | undefined)
    .flatMap((options) => (options?.authScopes ? [options.authScopes] : []));
  expect(scopes.length).toBeGreaterThan(40);
  for (const each of scopes) {
    expect(Object.keys(each)).toHaveLength(1);
    expect(['can', 'merchant', 'anyCredential']).toContain(Object.keys(each)[0]);
  }
});
