import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isScalarType,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { placesOfSchema } from '../support/graph-documents.ts';
import { openWs } from '../support/ws-client.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Far more levels than functions can call themselves. */
const LEVELS = 20_000;
const DEEP = {
  objects: `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`,
  lists: `${'['.repeat(LEVELS)}1${']'.repeat(LEVELS)}`,
};

/** Stands for what is deep, in values that have to become text. */
const HERE = 'something deep';
/** These pass as they are; operations look at them. */
const UNCHECKED = ['JSON', 'Decimal', 'DateTime'];
const PLAIN: Readonly<Record<string, unknown>> = { Int: 1, SafeInt: 1, Float: 1, Boolean: true };

/** A value of a type with all that has to be there, and all that may be deep. */
function sampleOf(type: GraphQLInputType, level = 0): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType, level);
  if (isListType(type)) return [sampleOf(type.ofType, level)];
  if (isScalarType(type)) return UNCHECKED.includes(type.name) ? HERE : (PLAIN[type.name] ?? 'x');
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) throw new Error(`What is ${type}?`);
  const fields = Object.values(type.getFields());
  const values = fields
    .filter((field) => isRequiredInputField(field) || level < 4)
    .map((field) => ({ field, value: sampleOf(field.type, level + 1) }));
  if (type.isOneOf) {
    const [one] = values.filter(({ value }) => isHere(value)).concat(values.slice(-1));
    return { [one?.field.name ?? '']: one?.value };
  }
  const kept = values.filter(
    ({ field, value }) =>
      isRequiredInputField(field) || field.name === 'idempotencyKey' || isHere(value),
  );
  return Object.fromEntries(kept.map(({ field, value }) => [field.name, value]));
}

function isHere(value: unknown): boolean {
  return JSON.stringify(value).includes(HERE);
}

const places = placesOfSchema()
  .filter(({ kind, parent }) => kind !== 'subscription' && /^(Query|Mutation)$/.test(parent))
  .map(({ name, kind, field }) => ({
    name,
    kind,
    field,
    values: Object.fromEntries(field.args.map((arg) => [arg.name, sampleOf(arg.type)])),
  }))
  .filter(({ values }) => isHere(values));

test.each(places)(
  '$name answers what is deep in its variables with an error of its own',
  async ({ kind, field, values }) => {
    const types = field.args.map((arg) => `$${arg.name}: ${arg.type}`);
    const args = field.args.map((arg) => `${arg.name}: $${arg.name}`);
    const query = `${kind} (${types}) { ${field.name}(${args}) { __typename } }`;
    for (const deep of Object.values(DEEP)) {
      const variables = JSON.stringify(values).replaceAll(JSON.stringify(HERE), deep);
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
        body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
      });
      expect(response.status).toBeLessThan(500);
      expect(await response.text()).not.toContain('INTERNAL_SERVER_ERROR');
    }
  },
);

test('a subscription answers what is deep in its variables with an error, and the socket stays', async () => {
  const client = await openWs(`${api.url.replace('http', 'ws')}/graphql`);
  await client.init(`Bearer ${KEY}`);
  const query = `subscription ($at: DateTime) {
    events { customer { usage(metric: "x", at: $at) { quantity } } }
  }`;
  for (const deep of Object.values(DEEP)) {
    const payload = `{"query":${JSON.stringify(query)},"variables":{"at":${deep}}}`;
    client.send(`{"id":"deep","type":"subscribe","payload":${payload}}`);
    expect(await client.next()).toMatchObject({
      id: 'deep',
      payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }],
    });
  }
  client.subscribe('plain', '{ __typename }');
  expect(await client.next()).toMatchObject({ id: 'plain', payload: { data: {} } });
  await client.close();
});

test('a variable of tens of thousands of names is refused before each of them is told of', async () => {
  const names = Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`a${at}`, 0]));
  const query = 'query Wide($input: CanConsumeInput!) { canConsume(input: $input) { outcome } }';
  // The first time it is for Yoga to answer, then for who knows the document.
  for (let times = 0; times < 2; times += 1) {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${KEY}`,
      },
      body: JSON.stringify({ query, variables: { input: { ...names } } }),
    });
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text.length).toBeLessThan(1_000);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('LIMIT_EXCEEDED');
  }
});
