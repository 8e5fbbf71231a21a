import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, KEY, startApi, type TestApi } from '../support/api.ts';

let server: TestApi;

beforeAll(async () => {
  server = await startApi();
});
afterAll(() => server.stop());

const CUSTOMER = '{ id externalId name email metadata createdAt updatedAt }';
const CREATE = `mutation ($input: CreateCustomerInput!) { result: createCustomer(input: $input) {
  __typename
  ... on CreateCustomerPayload { created customer ${CUSTOMER} }
  ... on ValidationError { code issues { path code } }
  ... on IdempotencyMismatchError { key field }
} }`;
const UPDATE = `mutation ($input: UpdateCustomerInput!) { result: updateCustomer(input: $input) {
  __typename
  ... on UpdateCustomerPayload { customer ${CUSTOMER} }
  ... on ValidationError { code issues { path code } }
  ... on NotFoundError { code path what given }
} }`;
const TOKEN = `mutation ($input: CreateCustomerTokenInput!) {
  result: createCustomerToken(input: $input) {
    __typename
    ... on CreateCustomerTokenPayload { token expiresAt }
    ... on ValidationError { issues { path code } }
    ... on NotFoundError { path what given }
  }
}`;

async function run(document: string, input: object, credential = KEY) {
  const answer = await server.ask(document, { input }, credential);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data.result;
}

test('a customer is created, found both ways, and created again as the same', async () => {
  const input = { externalId: 'ada', name: 'Ada', email: 'ada@example.com', metadata: { a: [1] } };
  const made = await run(CREATE, input);
  expect(made).toMatchObject({
    __typename: 'CreateCustomerPayload',
    created: true,
    customer: { id: expect.stringMatching(/^customer_/), ...input },
  });
  const again = await run(CREATE, { externalId: 'ada', name: 'Not Ada' });
  expect(again).toEqual({ ...made, created: false });
  for (const ref of [{ externalId: 'ada' }, { id: made.customer.id }]) {
    const query = `query ($ref: CustomerRef!) { customer(ref: $ref) ${CUSTOMER} }`;
    expect((await server.ask(query, { ref })).data.customer).toEqual(made.customer);
  }
});

test('an update tells null from absent', async () => {
  await run(CREATE, { externalId: 'grace', name: 'Grace', email: 'g@example.com' });
  const customer = { externalId: 'grace' };
  const cleared = await run(UPDATE, { customer, name: null });
  expect(cleared.customer).toMatchObject({ name: null, email: 'g@example.com' });
  const named = await run(UPDATE, { customer, name: 'Hopper', metadata: { b: true } });
  expect(named.customer).toMatchObject({ name: 'Hopper', metadata: { b: true } });
  expect(await run(UPDATE, { customer: { externalId: 'nobody' }, name: 'x' })).toEqual({
    __typename: 'NotFoundError',
    code: 'NOT_FOUND',
    path: 'customer',
    what: 'Customer',
    given: 'nobody',
  });
});

test('under an idempotency key null and absent are different content', async () => {
  const mismatch = { __typename: 'IdempotencyMismatchError', field: 'email' };
  for (const [key, first, second] of [
    ['absent first', {}, { email: null }],
    ['null first', { email: null }, {}],
  ] as const) {
    const input = { externalId: `keyed, ${key}`, idempotencyKey: key };
    const made = await run(CREATE, { ...input, ...first });
    expect(await run(CREATE, { ...input, ...first })).toEqual(made);
    expect(await run(CREATE, { ...input, ...second })).toEqual({ ...mismatch, key });
  }
});

test('customers come newest first, page by page, and can be searched', async () => {
  const key = await server.otherKey('Paged');
  for (const externalId of ['p1', 'p2', 'p3', 'q1']) await run(CREATE, { externalId }, key);
  const query = `query ($first: Int, $after: String, $search: String) {
    customers(first: $first, after: $after, search: $search) {
      edges { node { externalId } } pageInfo { hasNextPage endCursor }
    }
  }`;
  const page = async (variables: object) => {
    const { customers } = (await server.ask(query, variables, key)).data;
    const names = customers.edges.map(
      (edge: { node: { externalId: string } }) => edge.node.externalId,
    );
    return { names, ...customers.pageInfo };
  };
  const first = await page({ first: 3 });
  expect(first).toMatchObject({ names: ['q1', 'p3', 'p2'], hasNextPage: true });
  const second = await page({ first: 3, after: first.endCursor });
  expect(second).toMatchObject({ names: ['p1'], hasNextPage: false });
  expect((await page({ search: 'p' })).names).toEqual(['p3', 'p2', 'p1']);
});

test('a customer token reads its own customer without the metadata, and no other', async () => {
  const own = await run(CREATE, { externalId: 'own', metadata: { margin: 0.4 } });
  const foreign = await run(CREATE, { externalId: 'foreign' });
  const { token, expiresAt } = await run(TOKEN, { customer: { externalId: 'own' } });
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());

  const query = `query ($ref: CustomerRef!, $id: ID!) {
    customer(ref: $ref) { externalId } node(id: $id) { id } customers { edges { node { id } } }
  }`;
  const { data } = await server.ask(
    query,
    { ref: { externalId: 'foreign' }, id: foreign.customer.id },
    token,
  );
  expect(data).toEqual({
    customer: null,
    node: null,
    customers: { edges: [{ node: { id: own.customer.id } }] },
  });
  const metadata = await server.ask('{ customers { edges { node { metadata } } } }', {}, token);
  expect(metadata.errors?.[0]).toMatchObject({
    message:
      'This credential may not use Customer.metadata: it is for the keys of the organization, whatever their scopes.',
    extensions: { code: 'FORBIDDEN' },
  });
  expect(metadata.errors?.[0]?.extensions).not.toHaveProperty('scope');
  expect(JSON.stringify(metadata)).not.toContain('margin');
  const write = await server.ask(CREATE, { input: { externalId: 'x' } }, token);
  expect(write.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
});

test("another organization's customer answers exactly like one that does not exist", async () => {
  const made = await run(CREATE, { externalId: 'mine' });
  const stranger = await server.otherKey('Stranger');
  const nobody = 'customer_01h455vb4pex5vsknk084sn02q';
  const about = async (id: string) => {
    const query = 'query ($id: ID!) { customer(ref: { id: $id }) { id } node(id: $id) { id } }';
    const { data } = await server.ask(query, { id }, stranger);
    const refusals = [
      await run(UPDATE, { customer: { id }, name: 'Taken over' }, stranger),
      await run(TOKEN, { customer: { id } }, stranger),
    ];
    return JSON.parse(JSON.stringify({ data, refusals }).replaceAll(id, '<id>'));
  };
  expect(await about(made.customer.id)).toEqual(await about(nobody));
});

test.each<[string, object, string[]]>([
  ['an empty external id', { externalId: '' }, ['externalId TOO_SHORT']],
  ['NUL', { externalId: 'a\u0000' }, ['externalId BAD_CHARACTER']],
  ['a lone surrogate', { externalId: 'a\ud800' }, ['externalId BAD_CHARACTER']],
  ['metadata of 1 MB', { metadata: { a: 'x'.repeat(1 << 20) } }, ['metadata TOO_LARGE']],
  ['a wrong address and name', { name: '', email: 'x' }, ['name TOO_SHORT', 'email BAD_FORMAT']],
  ['metadata that is no object', { metadata: 7 }, ['metadata BAD_FORMAT']],
])('%s is a ValidationError with its path', async (_case, input, issues) => {
  const result = await run(CREATE, { externalId: 'wrong', ...input });
  expect(result).toMatchObject({ __typename: 'ValidationError', code: 'VALIDATION_FAILED' });
  const found = result.issues.map(
    (issue: { path: string; code: string }) => `${issue.path} ${issue.code}`,
  );
  expect(found).toEqual(issues);
});

test('a key named __proto__ is refused, in variables and in the document', async () => {
  const metadata = JSON.parse('{"__proto__":{"isAdmin":true}}');
  expect(await run(CREATE, { externalId: 'wrong', metadata })).toMatchObject({
    issues: [{ path: 'metadata.__proto__', code: 'NOT_ALLOWED' }],
  });
  const literal = `mutation { result: createCustomer(
    input: { externalId: "wrong", metadata: { __proto__: { isAdmin: true } } }
  ) { ... on ValidationError { issues { path code } } } }`;
  expect((await server.ask(literal)).data.result).toEqual({
    issues: [{ path: 'metadata.__proto__', code: 'NOT_ALLOWED' }],
  });
  expect(({} as { isAdmin?: boolean }).isAdmin).toBe(undefined);
});

test('a number that JSON cannot carry exactly is refused where it stands', async () => {
  const query = JSON.stringify(CREATE);
  for (const number of ['1e400', '-1e400', '9007199254740993']) {
    const input = `{ "externalId": "wrong", "metadata": { "a": [${number}] } }`;
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body: `{ "query": ${query}, "variables": { "input": ${input} } }`,
    });
    const { data } = (await response.json()) as Answer;
    expect(data.result.issues).toEqual([{ path: 'metadata.a.0', code: 'OUT_OF_RANGE' }]);
  }
});

test('a reference that names nobody, or two, is an error of the request', async () => {
  for (const ref of [{}, { id: null }, { id: 'customer_x', externalId: 'ada' }]) {
    const answer = await server.ask('query ($ref: CustomerRef!) { customer(ref: $ref) { id } }', {
      ref,
    });
    expect(answer.errors).toHaveLength(1);
    expect(answer.data ?? null).toBe(null);
  }
});

test('arguments of lists that make no sense are errors of the request, not faults', async () => {
  for (const argument of ['first: -1', 'after: "garbage"', 'after: "\\u0000"']) {
    const answer = await server.ask(`{ customers(${argument}) { edges { node { id } } } }`);
    expect(answer.errors?.[0]?.extensions.code).toMatch(/^BAD_/);
  }
});
