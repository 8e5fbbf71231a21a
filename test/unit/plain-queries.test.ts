import {
  buildSchema,
  execute,
  GraphQLError,
  type GraphQLObjectType,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { beforeEach, expect, test } from 'vitest';
import { createPlainQueries } from '../../src/server/graphql/plain-queries.ts';

const SCHEMA = buildSchema(`
  type Query { thing(n: Int, of: Of): Thing must(n: Int): Thing! text: String things: [Thing] }
  input Of { a: Int! b: [Int!] }
  type Thing { name: String sure: String! later: String bad: Int thing: Thing }`);

let calls = 0;
let answer: unknown;
const query = SCHEMA.getType('Query') as GraphQLObjectType;
for (const name of ['thing', 'must', 'text']) {
  const field = query.getFields()[name];
  if (!field) throw new Error(`There is no ${name}.`);
  field.resolve = (_source, args, context) => {
    calls += 1;
    Object.assign(context as object, { args });
    return typeof answer === 'function' ? answer() : answer;
  };
}
const thing = SCHEMA.getType('Thing') as GraphQLObjectType;
Object.assign(thing.getFields().later ?? {}, { resolve: async () => 'later' });

const queries = createPlainQueries(SCHEMA);
beforeEach(() => {
  calls = 0;
});

function argsOf(text: string, variableValues: Record<string, unknown> = {}) {
  const document = parse(text);
  expect(validate(SCHEMA, document)).toEqual([]);
  const operation = document.definitions[0] as OperationDefinitionNode;
  return { document, operation, variableValues, contextValue: {} };
}

const THING = { name: 'a', sure: 'b', bad: 5, thing: { name: null, sure: 'c' } };
const thrower = (error: unknown) => () => {
  throw error;
};
const ANSWERS: [string, unknown][] = [
  ['an object', THING],
  ['a promise', async () => THING],
  ['null', null],
  ['a promise of nothing', async () => undefined],
  ['an error', new Error('It is one.')],
  ['something thrown', thrower(new GraphQLError('No.', { extensions: { code: 'X' } }))],
  ['something else thrown', thrower('text')],
  ['a rejection', async () => Promise.reject(new Error('Later.'))],
  ['what lacks something', { name: 'a' }],
  ['what cannot be written', { sure: 'a', bad: 'text' }],
];
const DOCUMENTS = [
  '{ thing { name sure bad thing { name sure } } }',
  '{ must { sure name } }',
  '{ again: thing { sure } }',
  '{ text }',
];

test.each(DOCUMENTS)('%s is answered as graphql-js does, whatever it resolves to', async (text) => {
  for (const [what, value] of ANSWERS) {
    answer = value;
    const args = argsOf(text);
    const ours = await queries.attempt(args);
    const theirs = await execute({ schema: SCHEMA, ...args });
    expect([what, JSON.stringify(ours)]).toEqual([what, JSON.stringify(theirs)]);
    const [mine, yours] = [ours?.errors?.[0], theirs.errors?.[0]];
    expect(mine?.originalError).toEqual(yours?.originalError);
  }
});

test.each([
  ['{ thing { sure } must { sure } }', {}],
  ['{ things { name } }', {}],
  ['query ($yes: Boolean!) { thing { sure @skip(if: $yes) } }', { yes: true }],
  ['query ($n: Int = 5) { thing(n: $n) { sure } }', {}],
  ['query ($n: Int) { thing(n: $n) { sure } }', { n: 'text' }],
  ['query ($of: Of) { thing(of: $of) { sure } }', { of: { a: 1, c: 2 } }],
  ['query ($of: Of!) { thing(of: $of) { sure } }', {}],
])('%s with %j is left to graphql-js', async (text, variables) => {
  expect(queries.attempt(argsOf(text, variables))).toBeNull();
  expect(calls).toBe(0);
});

test('arguments are what graphql-js makes of them', async () => {
  answer = THING;
  const text = 'query ($n: Int, $of: Of) { thing(n: $n, of: $of) { sure } }';
  for (const variables of [{}, { n: null }, { n: 5, of: { a: 1, b: [2] } }, { of: { a: 1 } }]) {
    const [ours, theirs] = [argsOf(text, variables), argsOf(text, variables)];
    await queries.attempt(ours);
    await execute({ schema: SCHEMA, ...theirs });
    expect(ours.contextValue).toEqual(theirs.contextValue);
  }
});

test('what resolves later below its root is begun anew once, and never attempted again', async () => {
  answer = THING;
  const args = argsOf('{ thing { later } }');
  expect(await queries.attempt(args)).toEqual({ data: { thing: { later: 'later' } } });
  expect(calls).toBe(2);
  expect(queries.attempt(args)).toBeNull();
});

test('a mutation is not for it', () => {
  const schema = buildSchema('type Query { a: Int } type Mutation { b: Int }');
  const document = parse('mutation { b }');
  const operation = document.definitions[0] as OperationDefinitionNode;
  const args = { document, operation, variableValues: {}, contextValue: {} };
  expect(createPlainQueries(schema).attempt(args)).toBeNull();
});
