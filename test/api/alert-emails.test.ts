import { afterAll, beforeAll, expect, test } from 'vitest';
import { setUpCalls, startApi, type TestApi } from '../support/api.ts';

// Whom the alerts of a rule are mailed to: who may say it, and who may see it.

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
  await setUpCalls(api.ask);
});
afterAll(() => api.stop());

async function change(mutation: string, input: object) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}`;
  const { data, errors } = await api.ask(
    `mutation ($input: ${type}Input!) { result: ${mutation}(input: $input) {
      ... on ${type}Payload { alertRule { id name emails } }
      ... on ValidationError { issues { path code } }
    } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.result;
}

const create = (emails?: unknown) =>
  change('createAlertRule', {
    condition: { depleted: true },
    ...(emails !== undefined && { emails }),
  });

test('a rule has no addresses unless it is given some, each once', async () => {
  expect((await create()).alertRule.emails).toEqual([]);
  expect((await create(null)).alertRule.emails).toEqual([]);
  const { alertRule } = await create(['a@example.com', 'customer', 'a@example.com']);
  expect(alertRule.emails).toEqual(['a@example.com', 'customer']);
});

test('they are kept, replaced and cleared', async () => {
  const { alertRule } = await create(['a@example.com']);
  const update = async (input: object) =>
    (await change('updateAlertRule', { rule: alertRule.id, ...input })).alertRule.emails;
  expect(await update({ name: 'Empty' })).toEqual(['a@example.com']);
  expect(await update({ emails: ['customer'] })).toEqual(['customer']);
  expect(await update({ emails: null })).toEqual([]);
});

test.each([
  ['ada', 'BAD_FORMAT'],
  ['Customer', 'BAD_FORMAT'],
  ['', 'TOO_SHORT'],
  ['Ada <ada@example.com>', 'BAD_FORMAT'],
  ['ada,eve@example.com', 'BAD_FORMAT'],
  ['ada@example.com\nBcc:eve@example.com', 'BAD_FORMAT'],
  ['ada@example.com\u0000', 'BAD_CHARACTER'],
  [`${'a'.repeat(250)}@example.com`, 'TOO_LONG'],
])('%j is no address', async (email, code) => {
  const expected = expect.arrayContaining([{ path: 'emails.1', code }]);
  expect((await create(['a@example.com', email])).issues).toEqual(expected);
  const { alertRule } = await create(['a@example.com']);
  const input = { rule: alertRule.id, emails: ['a@example.com', email] };
  expect((await change('updateAlertRule', input)).issues).toEqual(expected);
});

test('eleven are too many', async () => {
  const emails = Array.from({ length: 11 }, (_, at) => `a${at}@example.com`);
  expect((await create(emails.slice(1))).alertRule.emails).toHaveLength(10);
  expect((await create(emails)).issues).toEqual([{ path: 'emails', code: 'TOO_MANY' }]);
});

test("a customer's token sees the rule, and not whom the merchant has told", async () => {
  await create(['ops@example.com']);
  const { data } = await api.ask(
    `mutation { createCustomerToken(input: { customer: { externalId: "acme" } }) {
      ... on CreateCustomerTokenPayload { token } } }`,
  );
  const { token } = data.createCustomerToken;
  const seen = await api.ask('{ alertRules(first: 1) { edges { node { kind } } } }', {}, token);
  expect(seen.data.alertRules.edges).toHaveLength(1);
  const hidden = await api.ask('{ alertRules { edges { node { emails } } } }', {}, token);
  expect(hidden.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect(JSON.stringify(hidden)).not.toContain('ops@example.com');
});
