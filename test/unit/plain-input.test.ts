import fc from 'fast-check';
import {
  type GraphQLInputType,
  getNullableType,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { planVariables, UNUSUAL } from '../../src/server/graphql/plain-input.ts';

const operationOf = (text: string) => parse(text).definitions[0] as OperationDefinitionNode;

/** JSON for an input, sound most of the time: fields are left out, null, of another kind, or of no such name. */
function jsonFor(type: GraphQLInputType, depth = 0): fc.Arbitrary<unknown> {
  const some = soundFor(getNullableType(type), depth);
  const odd = fc.constantFrom<unknown>(null, 5, 'text', [], {}, { __proto__: 1 }, [null], true);
  return fc.oneof({ weight: 150, arbitrary: some }, { weight: 1, arbitrary: odd });
}

function soundFor(type: GraphQLInputType, depth: number): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return soundFor(type.ofType, depth);
  if (isListType(type)) {
    return depth > 4
      ? fc.constant([])
      : fc.array(jsonFor(type.ofType, depth + 1), { maxLength: 3 });
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (!isInputObjectType(type)) return leafFor(type.name);
  const fields = Object.values(type.getFields()).filter(
    (field) => depth < 4 || isNonNullType(field.type),
  );
  const required = fields.filter(({ type: of }) => isNonNullType(of)).map(({ name }) => name);
  const values = Object.fromEntries(
    fields.map((field) => [field.name, jsonFor(field.type, depth + 1)]),
  );
  const sound = type.isOneOf
    ? fc.oneof(...Object.entries(values).map(([name, of]) => fc.record({ [name]: of })))
    : fc.record(values, { requiredKeys: required });
  const more = fc.constantFrom('unknown', '__proto__', 'constructor');
  const unsound = fc
    .tuple(fc.record(values, { requiredKeys: [] }), more, fc.boolean())
    .map(([value, name, isMore]) => (isMore ? JSON.parse(`{ "${name}": 1 }`) : value));
  return fc.oneof({ weight: 150, arbitrary: sound }, { weight: 1, arbitrary: unsound });
}

function leafFor(name: string): fc.Arbitrary<unknown> {
  const values: Record<string, unknown[]> = {
    Int: [0, 7],
    SafeInt: [5, 2 ** 40],
    Boolean: [true, false],
    Decimal: ['1.5', '-2', 3],
    DateTime: ['2026-01-31T12:00:00Z'],
    JSON: [{ model: 'gpt-4o', tokens: 5 }, { deep: [{ a: null }] }],
  };
  return fc.constantFrom(...(values[name] ?? ['text', 'ALLOW', 'NOW', '']));
}

const DOCUMENTS = [
  'query ($input: CanConsumeInput!) { x }',
  'query ($input: CanConsumeManyInput!) { x }',
  'query ($input: CanConsumeInput, $ref: CustomerRef, $at: DateTime) { x }',
  'query ($input: SavePlanDraftInput!, $inputs: [UsageEventInput!]!) { x }',
  'query ($nothing: ID) { x }',
];

test.each(DOCUMENTS)('%s: what is coerced is what graphql-js makes of it', (text) => {
  const operation = operationOf(text);
  const { variableDefinitions = [] } = operation;
  const coerce = planVariables(schema, operation);
  if (!coerce) throw new Error('There are no defaults in it.');
  const types = variableDefinitions.map(({ variable, type }) => {
    const named = JSON.stringify(type).match(/"value":"(\w+)"/)?.[1] ?? '';
    const found = schema.getType(named);
    if (!isInputType(found)) throw new Error(`${named} is no input.`);
    return [variable.name.value, type.kind === Kind.NON_NULL_TYPE, found] as const;
  });
  let sound = 0;
  let unsound = 0;
  const given = fc.record(
    Object.fromEntries(
      types.map(([name, , type]) => [
        name,
        name === 'inputs' ? fc.array(jsonFor(type), { maxLength: 2 }) : jsonFor(type),
      ]),
    ),
    { requiredKeys: types.filter(([, isRequired]) => isRequired).map(([name]) => name) },
  );
  fc.assert(
    fc.property(given, (variables) => {
      // What comes over the wire has no prototypes of its own, and no undefined.
      const wired = JSON.parse(JSON.stringify(variables));
      const ours = coerce(wired);
      const theirs = getVariableValues(schema, variableDefinitions, wired);
      if (theirs.errors) {
        unsound += 1;
        expect(ours).toBe(UNUSUAL);
      } else if (ours !== UNUSUAL) {
        sound += 1;
        expect(ours).toEqual(theirs.coerced);
        expect(keysOf(ours)).toEqual(keysOf(theirs.coerced));
      }
    }),
    { numRuns: 500 },
  );
  expect(sound).toBeGreaterThan(50);
  if (!text.includes('nothing')) expect(unsound).toBeGreaterThan(3);
});

test('variables with defaults are left to graphql-js', () => {
  expect(planVariables(schema, operationOf('query ($n: Int = 5) { x }'))).toBeNull();
});

test('a variable that would be no property is left to graphql-js', () => {
  expect(planVariables(schema, operationOf('query ($__proto__: ID) { x }'))).toBeNull();
});

/** In their order, which is that in which resolvers see them. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf);
  if (typeof value !== 'object' || value === null || value instanceof Date) return null;
  return Object.entries(value).map(([key, of]) => [key, keysOf(of)]);
}
