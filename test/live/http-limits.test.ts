import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { post } from './http-client.ts';
import { ACME_KEY, startTestServer, type TestServer } from './test-server.ts';

const MIB = 1024 * 1024;

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

describe('limits', () => {
  const repeat = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => make(index)).join(' ');
  const nested = (levels: number) => `{ ${'self { '.repeat(levels - 1)}me${' }'.repeat(levels)}`;
  /** Each fragment spreads the next one twice: 2^20 fields from 60 tokens. */
  const explosion = `{ self { ...F0 } } ${repeat(20, (i) => `fragment F${i} on Query { a${i}: self { ...F${i + 1} } b${i}: self { ...F${i + 1} } }`)} fragment F20 on Query { me }`;

  it.each([
    ['depth', nested(13)],
    ['depth in fragments', `{ ...F } fragment F on Query ${nested(13)}`],
    ['aliases', `{ ${repeat(31, (i) => `a${i}: count(n: 1)`)} }`],
    ['aliases of __typename', `{ ${repeat(101, (i) => `a${i}: __typename`)} }`],
    ['directives', `{ ${repeat(6, (i) => `a${i}: count(n: 1) @include(if: true)`)} }`],
    ['repeated fields', `{ ${repeat(52, () => '__typename')} }`],
    ['repeated inline fragments', `{ ${repeat(60, () => '... on Query { me }')} }`],
    [
      'selections',
      `{ self { ${repeat(30, (i) => `a${i}: self { ${repeat(40, (j) => `... on Query { me } echo(text: "${j}")`)} }`)} } }`,
    ],
    ['fragments that spread each other', explosion],
    ['nested lists', `{ echo(text: ${repeat(4_000, () => '[')}`],
    ['nested objects', `{ echo(text: ${repeat(1_500, () => '{a:')}1${repeat(1_500, () => '}')}) }`],
    ['nested types of variables', `query ($x: ${repeat(4_000, () => '[')}`],
    ['tokens', `{ ${repeat(5_001, () => 'me')} }`],
    ['characters', `{ me } #${'x'.repeat(256 * 1024)}`],
  ])('hold for %s', async (_, query) => {
    const { status, body } = await post(server, query, {
      accept: 'application/graphql-response+json',
      authorization: ACME_KEY,
    });
    expect(
      body.errors.map((error: { extensions: { code: string } }) => error.extensions.code),
    ).toContain('LIMIT_EXCEEDED');
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
  });

  it.each([
    ['twelve levels', nested(12)],
    ['thirty aliases', `{ ${repeat(30, (i) => `a${i}: count(n: 1)`)} }`],
    ['five directives', `{ ${repeat(5, (i) => `a${i}: count(n: 1) @include(if: true)`)} }`],
    ['an argument of some thousand tokens', `{ sum(of: [${repeat(4_900, (i) => `${i}`)}]) }`],
    ['the same field of many types', `{ self { me ... on Query { me } ... { me } } }`],
  ])('let %s pass', async (_, query) => {
    const { body } = await post(server, query, { authorization: ACME_KEY });
    expect(body.errors).toBeUndefined();
    expect(body.data).toBeDefined();
  });

  it('hold for bodies of more than 8 MiB, announced or not', async () => {
    const body = `{"query":"{ me }","variables":{"x":"${'x'.repeat(8 * MIB)}"}}`;
    const headers = { 'content-type': 'application/json', authorization: ACME_KEY };
    const announced = await fetch(server.graphqlUrl, { method: 'POST', headers, body });
    expect(announced.status).toBe(413);
    expect((await announced.json()).errors[0].extensions.code).toBe('LIMIT_EXCEEDED');

    const chunked = httpRequest(server.graphqlUrl, { method: 'POST', headers });
    chunked.on('error', () => undefined);
    chunked.write(body.slice(0, 4 * MIB));
    chunked.write(body.slice(4 * MIB));
    const [response] = await once(chunked, 'response');
    expect(response.statusCode).toBe(413);
    chunked.destroy();
  });

  it('are narrower without a credential', async () => {
    const ask = (bytes: number, headers = {}) =>
      post(server, '{ count(n: 1) }', headers, { x: 'x'.repeat(bytes) });
    expect((await ask(60 * 1024)).status).toBe(200);
    const { status, body } = await ask(70 * 1024);
    expect([status, body.errors[0].extensions.code]).toEqual([413, 'LIMIT_EXCEEDED']);
    expect((await ask(70 * 1024, { authorization: ACME_KEY })).status).toBe(200);
  });

  it('let a large batch pass, announced or not', async () => {
    const body = `{"query":"{ count(n: 1) }","variables":{"x":"${'x'.repeat(7 * MIB)}"}}`;
    const headers = { 'content-type': 'application/json', authorization: ACME_KEY };
    const announced = await fetch(server.graphqlUrl, { method: 'POST', headers, body });
    expect(await announced.json()).toEqual({ data: { count: 1 } });
    const stream = new Blob([body]).stream();
    const init = { method: 'POST', headers, body: stream, duplex: 'half' };
    const chunked = await fetch(server.graphqlUrl, init as RequestInit);
    expect(await chunked.json()).toEqual({ data: { count: 1 } });
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'keep out what a form of another site could send: %s',
    async (type) => {
      const response = await fetch(server.graphqlUrl, {
        method: 'POST',
        headers: { 'content-type': type },
        body: 'query=mutation{touch}',
      });
      expect(response.status).toBe(415);
    },
  );

  it('keep mutations out of links, and operations out of arrays', async () => {
    expect((await fetch(`${server.graphqlUrl}?query=mutation{touch}`)).status).toBe(405);
    const batch = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[{"query":"{ me }"}]',
    });
    expect(batch.status).toBe(400);
  });

  it.each(['variables=x', 'extensions=%7B', 'variables=%7B%22a%22%3A'])(
    'an address with %s is answered 400',
    async (rest) => {
      const response = await fetch(`${server.url}/graphql?query=%7B__typename%7D&${rest}`, {
        headers: { authorization: ACME_KEY },
      });
      expect(response.status).toBe(400);
      expect((await response.json()).errors[0].extensions.code).toBe('BAD_REQUEST');
    },
  );
});
