import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY, startApi, type TestApi } from '../support/api.ts';

let server: TestApi;

beforeAll(async () => {
  server = await startApi();
});
afterAll(() => server.stop());

const CREATE_KEY = `mutation ($input: CreateApiKeyInput!) { result: createApiKey(input: $input) {
  __typename
  ... on CreateApiKeyPayload { secret apiKey { id name kind hint scopes lastUsedAt } }
  ... on ValidationError { code retryable issues { path code message } }
  ... on IdempotencyMismatchError { key field }
} }`;

async function createKey(input: object, credential = KEY) {
  return (await server.ask(CREATE_KEY, { input: { name: 'Key', ...input } }, credential)).data
    .result;
}

test('a key is shown once: the list has its hint only', async () => {
  const made = await createKey({ name: 'Shown', scopes: ['usage:write', 'key:read'] });
  expect(made).toEqual({
    __typename: 'CreateApiKeyPayload',
    secret: expect.stringMatching(/^rk_test_[0-9A-Za-z]{38}$/),
    apiKey: {
      id: expect.stringMatching(/^key_/),
      name: 'Shown',
      kind: 'RESTRICTED',
      hint: `rk_test_...${made.secret.slice(-4)}`,
      scopes: ['usage:write', 'key:read'],
      lastUsedAt: null,
    },
  });
  const list = '{ apiKeys(first: 1) { edges { node { id hint revokedAt expiresAt } } } }';
  const answer = await server.ask(list, {}, made.secret);
  expect(answer.data.apiKeys.edges).toEqual([
    { node: { id: made.apiKey.id, hint: made.apiKey.hint, revokedAt: null, expiresAt: null } },
  ]);
  expect(JSON.stringify(answer)).not.toContain(made.secret.slice(8));
});

test('a refusal of a key names the scope, and a repeat has no secret', async () => {
  expect(await createKey({ scopes: ['usage:write', 'all'] })).toMatchObject({
    __typename: 'ValidationError',
    code: 'VALIDATION_FAILED',
    retryable: false,
    issues: [{ path: 'scopes.1', code: 'NOT_ALLOWED' }],
  });
  const input = { idempotencyKey: 'again' };
  const first = await createKey(input);
  expect(await createKey(input)).toEqual({ ...first, secret: null });
});

test('a key stops with its revocation, and says no more than that', async () => {
  const made = await createKey({});
  const revoke = `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) {
    ... on RevokeApiKeyPayload { apiKey { revokedAt } } ... on NotFoundError { code }
  } }`;
  const { data } = await server.ask(revoke, { id: made.apiKey.id });
  expect(data.revokeApiKey.apiKey.revokedAt).toMatch(/Z$/);
  const answer = await server.ask('{ organization { name } }', {}, made.secret);
  expect(answer.status).toBe(401);
  expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect(answer.errors?.[0]?.message).not.toContain(made.secret);
});

test('a rolled key and its successor both work in the overlap', async () => {
  const old = await createKey({});
  const roll = `mutation ($input: RollApiKeyInput!) { rollApiKey(input: $input) {
    __typename
    ... on RollApiKeyPayload { secret apiKey { id name } previous { id expiresAt } }
    ... on ConflictError { path }
  } }`;
  const input = { id: old.apiKey.id, overlapSeconds: 60 };
  const rolled = (await server.ask(roll, { input })).data.rollApiKey;
  expect(rolled.previous).toEqual({ id: old.apiKey.id, expiresAt: expect.stringMatching(/Z$/) });
  for (const secret of [old.secret, rolled.secret]) {
    expect((await server.ask('{ organization { name } }', {}, secret)).status).toBe(200);
  }
  expect((await server.ask(roll, { input })).data.rollApiKey).toEqual({
    __typename: 'ConflictError',
    path: 'id',
  });
});

test('a restricted key is held to its scopes, field by field', async () => {
  const { secret } = await createKey({ scopes: ['customer:read'] });
  const allowed = await server.ask('{ customers { edges { node { id } } } }', {}, secret);
  expect(allowed.data.customers.edges).toEqual([]);
  const forbidden = {
    'organization:read': '{ organization { name } }',
    'key:read': '{ apiKeys { edges { node { id } } } }',
    'key:write': 'mutation { createApiKey(input: { name: "x" }) { __typename } }',
    'customer:write': 'mutation { createCustomer(input: { externalId: "x" }) { __typename } }',
    'organization:write': 'mutation { updateOrganization(input: { name: "x" }) { __typename } }',
    'token:write':
      'mutation { createCustomerToken(input: { customer: { externalId: "x" } }) { __typename } }',
  };
  for (const [scope, document] of Object.entries(forbidden)) {
    const answer = await server.ask(document, {}, secret);
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining(`it lacks the scope ${scope}.`),
      extensions: { code: 'FORBIDDEN', scope },
    });
  }
});

test('node finds what the scopes of the credential allow, in its own organization', async () => {
  const { apiKey, secret } = await createKey({ scopes: ['customer:read'] });
  const { data } = await server.ask('{ organization { id } }');
  const ids = [apiKey.id, data.organization.id];
  const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';
  const seen = async (credential: string) =>
    (await server.ask(document, { ids }, credential)).data.nodes;
  expect(await seen(KEY)).toEqual([
    { __typename: 'ApiKey', id: apiKey.id },
    { __typename: 'Organization', id: data.organization.id },
  ]);
  expect(await seen(secret)).toEqual([null, null]);
  expect(await seen(await server.otherKey('Elsewhere'))).toEqual([null, null]);
});

test('an organization renames itself, and is told when the name is taken', async () => {
  await server.otherKey('Taken');
  const update = `mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) {
    ... on UpdateOrganizationPayload { organization { name mode settlementWindowSeconds } }
    ... on ConflictError { code path }
    ... on ValidationError { issues { path code } }
  } }`;
  const send = async (input: object) =>
    (await server.ask(update, { input })).data.updateOrganization;
  expect(await send({ name: 'Renamed', settlementWindowSeconds: 60 })).toEqual({
    organization: { name: 'Renamed', mode: 'TEST', settlementWindowSeconds: 60 },
  });
  expect(await send({ name: 'Taken' })).toEqual({ code: 'CONFLICT', path: 'name' });
  expect(await send({ settlementWindowSeconds: -1 })).toEqual({
    issues: [{ path: 'settlementWindowSeconds', code: 'OUT_OF_RANGE' }],
  });
});
