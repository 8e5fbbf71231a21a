import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema as product } from '../../schema/index.ts';
import { pageLimit } from '../../src/server/graphql/page-limit.ts';

const schema = buildSchema(`
  type Query {
    wallets(first: Int, last: Int): Page
    nodes(ids: [ID!]!): [Node]!
    types: [Wallet!]!
  }
  interface Node { id: ID }
  type Page { edges: [Edge]  total: Int }
  type Edge { node: Wallet }
  type Wallet implements Node {
    id: ID
    wallets(first: Int, last: Int): Page
    list: [Wallet!]!
  }
`);

const isRefused = (document: string, of = schema) =>
  validate(of, parse(document), [pageLimit]).length > 0;

/** Pages within pages, so many levels. */
const pages = (levels: number, size: string): string =>
  levels === 0 ? 'id' : `wallets${size} { edges { node { ${pages(levels - 1, size)} } } }`;

const lists = (levels: number): string => (levels === 0 ? 'id' : `list { ${lists(levels - 1)} }`);

const ids = (count: number) =>
  `[${Array.from({ length: count }, (_, at) => `"wallet_${at}"`).join(' ')}]`;

describe('pages within pages', () => {
  it.each([
    ['two full ones', `{ ${pages(2, '(first: 100)')} }`, false],
    ['three full ones', `{ ${pages(3, '(first: 100)')} }`, true],
    ['three of ten', `{ ${pages(3, '(last: 10)')} }`, false],
    ['three without a size, which are of twenty', `{ ${pages(3, '')} }`, false],
    ['four without a size', `{ ${pages(4, '')} }`, true],
    ['three of a size in a variable', `query ($n: Int) { ${pages(3, '(first: $n)')} }`, true],
    ['one of no row', '{ wallets(first: 100) { total } }', false],
  ])('%s', (_what, document, refused) => {
    expect(isRefused(document)).toBe(refused);
  });

  it('are counted through fragments, each of which is read once', () => {
    const chain = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on Wallet { ...F${i + 1} ...F${i + 1} }`,
    );
    const last = `fragment F40 on Wallet { ${pages(3, '(first: 100)')} }`;
    const document = `{ wallets { edges { node { ...F0 } } } } ${chain.join(' ')} ${last}`;
    expect(isRefused(document)).toBe(true);
  });

  it('are counted where a fragment asks for the edges', () => {
    const document = (levels: number): string =>
      levels === 0
        ? 'id'
        : `wallets { ... on Page { edges { node { ${document(levels - 1)} } } } }`;
    expect(isRefused(`{ ${document(3)} }`)).toBe(false);
    expect(isRefused(`{ ${document(4)} }`)).toBe(true);
    const spread = `{ wallets(first: 100) { ...P } } fragment P on Page {
      edges { node { ${pages(2, '(first: 100)')} } } }`;
    expect(isRefused(spread)).toBe(true);
  });

  it('of a fragment that spreads itself come to an end', () => {
    const document = `{ wallets { edges { node { ...F } } } } fragment F on Wallet { id ...F }`;
    expect(isRefused(document)).toBe(false);
  });
});

describe('lists without pages', () => {
  const below = `... on Wallet { ${pages(2, '(first: 20)')} }`;

  it.each([
    ['ninety ids', `{ nodes(ids: ${ids(90)}) { ${below} } }`, false],
    ['a hundred ids', `{ nodes(ids: ${ids(100)}) { ${below} } }`, true],
    ['ids in a variable', `query ($ids: [ID!]!) { nodes(ids: $ids) { ${below} } }`, true],
    ['one id, which is no list', `{ nodes(ids: "wallet_1") { ${below} } }`, false],
    [
      'four lists within each other in a page',
      `{ wallets { edges { node { ${lists(4)} } } } }`,
      false,
    ],
    [
      'five lists within each other in a page',
      `{ wallets { edges { node { ${lists(5)} } } } }`,
      true,
    ],
    ['pages within lists', `{ types { list { ${pages(2, '(first: 50)')} } } }`, true],
    ['the introspection that tools do', getIntrospectionQuery(), false],
  ])('%s', (_what, document, refused) => {
    expect(isRefused(document)).toBe(refused);
  });
});

describe('the graph of the product', () => {
  const grants = 'grants(first: 10) { edges { node { id } } }';
  const folder = new URL('../../schema/operations/', import.meta.url);
  const documents = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const batch = (selection: string) => `mutation ($input: RecordUsageBatchInput!) {
    recordUsageBatch(input: $input) { ... on RecordUsageBatchPayload { outcomes {
      ... on UsageRecorded { ${selection} }
    } } }
  }`;

  it.each(documents)('is read by the published %s', (name) => {
    expect(isRefused(readFileSync(new URL(name, folder), 'utf8'), product)).toBe(false);
  });

  it.each([
    ['introspected within itself', `{ __schema { types { ${fieldsOfTypes(4)} } } }`, true],
    ['introspected', getIntrospectionQuery(), false],
    [
      'asked for all that a batch has cost',
      batch('charges { amount draws { amount } } balances { version }'),
      false,
    ],
    ['asked for pages of each event', batch(`event { customer { wallets { ${grants} } } }`), true],
  ])('is %s', (_what, document, refused) => {
    expect(isRefused(document, product)).toBe(refused);
  });

  function fieldsOfTypes(levels: number): string {
    return levels === 0 ? 'name' : `fields { type { ${fieldsOfTypes(levels - 1)} } }`;
  }
});
