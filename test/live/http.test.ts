import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACME_KEY, SHORT_TOKEN, startTestServer, type TestServer, until } from './harness.ts';

const MIB = 1024 * 1024;

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the server sent.
  readonly body: any;
}

async function post(
  query: string,
  headers: Record<string, string> = {},
  variables = {},
): Promise<Answer> {
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function get(path: string): Promise<Answer> {
  const response = await fetch(server.url + path);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Opens a stream of server-sent events. */
async function openStream(query: string, authorization: string) {
  const controller = new AbortController();
  const response = await fetch(server.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  return {
    abort: () => controller.abort(),
    /** The data of the next event. */
    async next() {
      for (;;) {
        const match = /event: next\ndata: (.*)\n\n/.exec(text);
        if (match) {
          text = text.slice(match.index + match[0].length);
          return JSON.parse(match[1] as string);
        }
        const { done, value } = await reader.read();
        if (done) return null;
        text += decoder.decode(value, { stream: true });
      }
    },
  };
}

describe('who is asking', () => {
  it('is known by the Authorization header', async () => {
    const { status, body } = await post('{ me }', { authorization: ACME_KEY });
    expect(status).toBe(200);
    expect(body.data.me).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('decides what the context tells, when it is asked', async () => {
    expect((await post('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    expect((await post('{ secret }')).body.errors[0].message).toBe('Internal error');
    expect((await post('{ secret }', { authorization: ACME_KEY })).body.data.secret).toBe('told');
  });

  it('may be nobody, who can introspect and nothing else', async () => {
    expect(
      (await post('{ __schema { queryType { name } } }')).body.data.__schema.queryType.name,
    ).toBe('Query');
    const refused = await post('{ me }');
    expect(refused.status).toBe(401);
    expect(refused.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('is answered 401 with a wrong credential, whatever the operation is', async () => {
    for (const query of ['{ __typename }', '{ syntax']) {
      const { status, headers, body } = await post(query, { authorization: 'Bearer nope' });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(body).toEqual({
        errors: [
          {
            message: 'This credential is not valid.',
            extensions: { code: 'UNAUTHENTICATED', requestId: headers.get('x-request-id') },
          },
        ],
      });
    }
  });

  it('is answered 503 when the credential cannot be checked', async () => {
    const { status, body } = await post('{ me }', { authorization: 'Bearer outage' });
    expect(status).toBe(503);
    expect(body.errors[0].message).toBe('Internal error');
  });
});

describe('a request id', () => {
  it('is taken from the caller and given back', async () => {
    const { headers, body } = await post('{ requestId }', { 'x-request-id': 'order-7:charge' });
    expect(body.data.requestId).toBe('order-7:charge');
    expect(headers.get('x-request-id')).toBe('order-7:charge');
  });

  it.each(['a b', 'x'.repeat(129), '<script>'])('is made anew when %j was sent', async (given) => {
    const { headers } = await post('{ requestId }', { 'x-request-id': given });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is on every answer', async () => {
    for (const path of ['/livez', '/readyz', '/nothing']) {
      expect((await get(path)).headers.get('x-request-id')).not.toBeNull();
    }
  });
});

describe('an error', () => {
  it('of ours is masked and carries the request id', async () => {
    const { status, headers, body } = await post('{ fault }');
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(body.errors).toEqual([
      {
        message: 'Internal error',
        locations: [{ line: 1, column: 3 }],
        path: ['fault'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: headers.get('x-request-id') },
      },
    ]);
  });

  it.each([
    ['syntax', '{ me', {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable of the wrong type', 'query ($n: Int) { count(n: $n) }', { n: 'x' }, 'BAD_REQUEST'],
    ['a missing operation', 'query A { me } query B { me }', {}, 'OPERATION_RESOLUTION_FAILURE'],
  ])('of the caller has a code: %s', async (_, query, variables, code) => {
    const { status, headers, body } = await post(
      query,
      { accept: 'application/graphql-response+json' },
      variables,
    );
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toEqual({ code, requestId: headers.get('x-request-id') });
  });

  it('is told with the id of its own request, though documents are cached', async () => {
    for (const id of ['first', 'second']) {
      for (const query of ['{ nothing }', '{ me']) {
        const { body } = await post(query, { 'x-request-id': id });
        expect(body.errors[0].extensions.requestId).toBe(id);
      }
    }
  });
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
    ['tokens', `{ ${repeat(5_001, () => 'me')} }`],
    ['characters', `{ me } #${'x'.repeat(256 * 1024)}`],
  ])('hold for %s', async (_, query) => {
    const { status, body } = await post(query, { accept: 'application/graphql-response+json' });
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
    const { body } = await post(query, { authorization: ACME_KEY });
    expect(body.errors).toBeUndefined();
    expect(body.data).toBeDefined();
  });

  it('hold for bodies of more than 8 MiB, announced or not', async () => {
    const body = `{"query":"{ me }","variables":{"x":"${'x'.repeat(8 * MIB)}"}}`;
    const headers = { 'content-type': 'application/json' };
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

  it('let a large batch pass, announced or not', async () => {
    const body = `{"query":"{ count(n: 1) }","variables":{"x":"${'x'.repeat(7 * MIB)}"}}`;
    const headers = { 'content-type': 'application/json' };
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
});

describe('pages of other origins', () => {
  it('are let in when the operator listed them', async () => {
    const origin = 'https://app.example.com';
    const preflight = await fetch(server.graphqlUrl, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
    for (const headers of [preflight.headers, (await post('{ me }', { origin })).headers]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('are kept out otherwise', async () => {
    const { headers } = await post('{ me }', { origin: 'https://evil.example.com' });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('server-sent events', () => {
  const watch = 'subscription { balanceChanged(walletId: "acme-1") { version } }';

  it('carry a subscription, and let it go when the reader leaves', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(watch, ACME_KEY);
    for (const version of [1, 2, 3]) {
      expect(await stream.next()).toEqual({ data: { balanceChanged: { version } } });
      server.change('acme-1');
    }
    stream.abort();
    await until(() => server.hub.watched().watchers === 0);
  });

  it('mask what broke', async () => {
    const stream = await openStream('subscription { breaks }', ACME_KEY);
    const { errors } = await stream.next();
    expect(errors).toMatchObject([
      { message: 'Internal error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(errors[0].extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    stream.abort();
  });

  it('end when the token expires', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(watch, SHORT_TOKEN);
    await stream.next();
    await expect(stream.next()).rejects.toThrow();
    await until(() => server.hub.watched().watchers === 0);
  });
});

describe('health', () => {
  it('is alive as long as it answers', async () => {
    expect(await get('/livez')).toMatchObject({ status: 200, body: { alive: true } });
  });

  it('is ready when every check passes', async () => {
    await server.stop();
    let migrated = false;
    server = await startTestServer({
      checks: {
        database: async () => 1,
        migrations: async () => {
          if (!migrated) throw new Error('2 migrations are pending on db.internal.');
        },
      },
    });
    expect(await get('/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, checks: { database: 'ok', migrations: 'failed' } },
    });
    migrated = true;
    expect(await get('/readyz')).toMatchObject({ status: 200, body: { ready: true } });
  });

  it('is measured', async () => {
    await post('{ fault }');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain('drawdown_graphql_errors_total{code="INTERNAL_SERVER_ERROR"} 1');
    expect(text).toContain('drawdown_http_request_seconds_count{route="graphql",status="200"} 1');
  });

  it.each(['/', '/nothing', '/graphql/', '/graphiql/assets/0/boot.js', '//evil.example.com', '/%'])(
    'answers 404 in JSON at %s',
    async (path) => {
      expect(await get(path)).toMatchObject({
        status: 404,
        body: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
      });
    },
  );
});

describe('a stop', () => {
  it('answers what was asked, and then nothing more', async () => {
    const agent = new Agent({ keepAlive: true });
    await fetch(`${server.url}/livez`);
    const answer = post('{ slow }');
    await server.slow.asked;
    const stopped = server.server.stop();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
    server.slow.finish();
    expect((await answer).body.data.slow).toBe('done');
    await stopped;
    agent.destroy();
  });

  it('ends streams at once', async () => {
    server.ledger.commit('acme-1');
    const stream = await openStream(
      'subscription { balanceChanged(walletId: "acme-1") { version } }',
      ACME_KEY,
    );
    await stream.next();
    const end = stream.next();
    await Promise.all([server.server.stop(), expect(end).rejects.toThrow()]);
    await until(() => server.hub.watched().watchers === 0);
  });

  it('gives up on a request that takes too long', async () => {
    await server.stop();
    server = await startTestServer({ stopTimeoutMs: 30 });
    const answer = post('{ slow }');
    await server.slow.asked;
    await Promise.all([server.server.stop(), expect(answer).rejects.toThrow()]);
  });
});
