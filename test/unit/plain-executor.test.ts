import fc from 'fast-check';
import {
  buildSchema,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { createPlainExecutor } from '../../src/server/graphql/plain-executor.ts';
import { planOf } from '../../src/server/graphql/plain-plan.ts';

/** What a caller is sent, errors with their places included. */
async function sent(result: ExecutionResult | Promise<ExecutionResult>): Promise<string> {
  return JSON.stringify(await result);
}

/** Both executors, event by event; the prepared one is the same for all of them. */
async function expectSame(args: ExecutionArgs, events: readonly unknown[]): Promise<void> {
  const executeEvent = createPlainExecutor().prepare(args);
  for (const event of events) {
    expect(await sent(executeEvent(event))).toBe(
      await sent(execute({ ...args, rootValue: event })),
    );
  }
}

function planned(of: GraphQLSchema, text: string) {
  const document = parse(text);
  expect(validate(of, document)).toEqual([]);
  return planOf(of, document, document.definitions[0] as OperationDefinitionNode);
}

/** A selection of the type with aliases, fields that come twice, and fragments within fragments. */
function selections(type: GraphQLObjectType, depth = 0): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).flatMap(({ name, type: of }) => {
    const below = getNamedType(of);
    if (isObjectType(below) && below.name !== 'Balance') return [];
    const set = isObjectType(below) ? selections(below, depth) : fc.constant('');
    return fc
      .tuple(fc.constantFrom('', `${name}Again: `), set)
      .map(([alias, text]) => `${alias}${name} ${text}`);
  });
  const nested = (on: string) => selections(type, depth + 1).map((set) => `... ${on} ${set}`);
  const fragments =
    depth < 2 ? [nested(''), nested(`on ${type.name}`), fc.constant(`...Of${type.name}`)] : [];
  const names = fc.constantFrom('__typename', 'kind: __typename');
  return fc
    .array(fc.oneof(names, ...fields, ...fragments), { minLength: 1, maxLength: 4 })
    .map((parts) => `{ ${parts.join(' ')} }`);
}

const UPDATE = schema.getType('BalanceUpdate') as GraphQLObjectType;
const FRAGMENTS = `
  fragment OfBalanceUpdate on BalanceUpdate { at balance { ...OfBalance pending } ...OfBalanceUpdate2 }
  fragment OfBalanceUpdate2 on BalanceUpdate { cause version }
  fragment OfBalance on Balance { held __typename }`;

const documents = selections(UPDATE).map(
  (set) =>
    `subscription S($w: ID!, $since: SafeInt = 7) {
      balanceChanged(walletId: $w, sinceVersion: $since) { ...OfBalanceUpdate it: version ... on BalanceUpdate ${set} } }
    ${FRAGMENTS}`,
);

const amounts = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<unknown>('0', '-1.5', 3_000_000_000_000n) },
  fc.constantFrom<unknown>(null, undefined, Number.NaN, new Error('No amount.')),
);
const events = fc.record({
  version: fc.oneof({ weight: 12, arbitrary: fc.constant<unknown>(3) }, fc.constant(null)),
  cause: fc.constantFrom<unknown>('USAGE', 'USAGE', null, 'NOTHING', new Error('No cause.')),
  at: fc.oneof(
    { weight: 12, arbitrary: fc.constant('2026-01-31T12:00:00.000Z') },
    fc.constant('?'),
  ),
  balance: fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        settled: amounts,
        held: amounts,
        available: amounts,
        pending: amounts,
      }),
    },
    fc.constantFrom<unknown>(null, 'text', new Error('No balance.')),
  ),
});

test('whatever is selected of a balance, and whatever is wrong with it, is answered as graphql-js does', async () => {
  await fc.assert(
    fc.asyncProperty(documents, fc.array(events, { minLength: 1 }), async (text, some) => {
      expect(planned(schema, text)).not.toBeNull();
      const args = {
        schema,
        document: parse(text),
        variableValues: { w: 'wallet' },
        contextValue: { renewLoaders() {} },
      };
      await expectSame(args, some);
    }),
    { numRuns: 200 },
  );
});

const ODD = buildSchema(`
  type Query { none: Int }
  type Subscription { thing: Thing maybe(n: Int = 1, of: [Int!], unset: Int): Thing! }
  interface Named { name: String }
  type Thing implements Named {
    name: String sure: String! later: Int fails: Int args(n: Int! of: [Int!] = [1, 2], unset: Int): String!
    told: String! list: [Int] named: Named checked: Checked color: Color thing: Thing must: Thing!
  }
  type Checked { id: ID }
  enum Color { RED BLUE }`);

let calls = 0;

function resolveWith(type: string, field: string, resolve: GraphQLFieldResolver<unknown, unknown>) {
  const found = (ODD.getType(type) as GraphQLObjectType).getFields()[field];
  if (!found) throw new Error(`There is no ${type}.${field}.`);
  found.resolve = resolve;
}

resolveWith('Subscription', 'thing', (event) => event);
resolveWith('Subscription', 'maybe', (event, args) => {
  Object.assign(args, { n: 100 });
  return event;
});
resolveWith('Thing', 'later', async (source) => {
  calls += 1;
  if ((source as { fails?: boolean }).fails) throw new Error('It failed later.');
  return 5;
});
resolveWith('Thing', 'fails', () => {
  throw new Error('It failed.');
});
resolveWith('Thing', 'args', (_source, args) => {
  const text = JSON.stringify(args);
  Object.assign(args, { n: 100 });
  return text;
});
resolveWith('Thing', 'told', (_source, _args, context, info) => {
  const { fieldName, fieldNodes, path, operation, fragments, variableValues, rootValue } = info;
  const types = [info.returnType, info.parentType].map(String);
  const place = [fieldName, fieldNodes, path, operation, fragments, variableValues, rootValue];
  return JSON.stringify([...place, types, info.schema === ODD, context]);
});
(ODD.getType('Checked') as GraphQLObjectType).isTypeOf = (value) => value === 'checked';
(ODD.getType('Named') as { resolveType?: unknown }).resolveType = () => 'Thing';

const thing = { name: 'a', sure: 'b', list: [1], checked: 'checked', color: 'RED' };
const THINGS = [
  { ...thing, thing, named: thing, must: { thing: { must: thing } } },
  { name: null, sure: null, thing: {}, named: {}, list: [null], checked: 'not', color: 'GREEN' },
  { ...thing, fails: true, sure: async () => 'later', must: () => null, list: 5, __proto: 1 },
  new Error('No event.'),
  null,
];

test.each([
  [
    true,
    '{ thing { name sure color told thing { told n: name } must { thing { must { told } } } } }',
  ],
  [true, '{ maybe(n: $n) { args(n: $n) other: args(n: 2, of: [$n], unset: $unset) told } }'],
  [true, '{ thing { fails name } }'],
  [true, '{ thing { name must { fails must { name } } } }'],
  [true, '{ thing { later name sure } }'],
  [
    true,
    '{ thing { ... on Named { name } ...A ...A } } fragment A on Thing { told ...B } fragment B on Named { name }',
  ],
  [false, '{ thing { name @skip(if: $skip) sure @include(if: $skip) } }'],
  [false, '{ thing { ...A @skip(if: $skip) name } } fragment A on Thing { sure }'],
  [false, '{ thing { __proto__: name name } }'],
  [false, '{ thing { list } }'],
  [false, '{ thing { named { name } } }'],
  [false, '{ thing { checked { id } } }'],
])('planned: %s for %s, and answered as graphql-js does', async (isPlanned, selection) => {
  const declared = [
    ...(selection.includes('$n') ? ['$n: Int! = 3', '$unset: Int'] : []),
    ...(selection.includes('$skip') ? ['$skip: Boolean!'] : []),
  ];
  const text = `subscription ${declared.length > 0 ? `(${declared.join(' ')})` : ''} ${selection}`;
  expect(planned(ODD, text) !== null).toBe(isPlanned);
  for (const skip of [true, false]) {
    const args = {
      schema: ODD,
      document: parse(text),
      variableValues: { skip },
      contextValue: 'c',
    };
    await expectSame(args, THINGS);
  }
});

test('who does not answer at once is asked once for each event after the first', async () => {
  const document = parse('subscription { thing { later } }');
  const executor = createPlainExecutor();
  const [one, two] = [
    { schema: ODD, document },
    { schema: ODD, document },
  ].map(executor.prepare);
  const before = calls;
  expect(await one?.({})).toEqual({ data: { thing: { later: 5 } } });
  expect(calls - before).toBe(2);
  await one?.({});
  await two?.({});
  expect(calls - before).toBe(4);
});

test('the plan is of the operation that was named', async () => {
  const document = parse('subscription A { thing { name } } subscription B { thing { sure } }');
  for (const operationName of ['A', 'B', 'A']) {
    await expectSame({ schema: ODD, document, operationName }, THINGS);
  }
});
