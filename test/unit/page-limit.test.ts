import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { pageLimit } from '../../src/server/page-limit.ts';

const schema = buildSchema(`
  type Query { wallets(first: Int, last: Int): Page }
  type Page { edges: [Edge] }
  type Edge { node: Wallet }
  type Wallet { id: ID  wallets(first: Int, last: Int): Page }
`);

const isRefused = (document: string) => validate(schema, parse(document), [pageLimit]).length > 0;

/** Pages within pages, so many levels. */
const pages = (levels: number, size: string): string =>
  levels === 0 ? 'id' : `wallets${size} { edges { node { ${pages(levels - 1, size)} } } }`;

describe('pages within pages', () => {
  it.each([
    ['two full ones', `{ ${pages(2, '(first: 100)')} }`, false],
    ['three full ones', `{ ${pages(3, '(first: 100)')} }`, true],
    ['three of ten', `{ ${pages(3, '(last: 10)')} }`, false],
    ['three without a size, which are of twenty', `{ ${pages(3, '')} }`, false],
    ['four without a size', `{ ${pages(4, '')} }`, true],
    ['three of a size in a variable', `query ($n: Int) { ${pages(3, '(first: $n)')} }`, true],
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

  it('of a fragment that spreads itself come to an end', () => {
    const document = `{ wallets { edges { node { ...F } } } } fragment F on Wallet { id ...F }`;
    expect(isRefused(document)).toBe(false);
  });
});
