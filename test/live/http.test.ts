import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { get, post } from './http-client.ts';
import { ACME_KEY, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

describe('who is asking', () => {
  it('is known by the Authorization header', async () => {
    const { status, body } = await post(server, '{ me }', { authorization: ACME_KEY });
    expect(status).toBe(200);
    expect(body.data.me).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('decides what the context tells, when it is asked', async () => {
    expect((await post(server, '{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
    expect((await post(server, '{ secret }')).body.errors[0].message).toBe('Internal error');
    expect((await post(server, '{ secret }', { authorization: ACME_KEY })).body.data.secret).toBe(
      'told',
    );
  });

  it('may be nobody, who can introspect and nothing else', async () => {
    expect(
      (await post(server, '{ __schema { queryType { name } } }')).body.data.__schema.queryType.name,
    ).toBe('Query');
    const refused = await post(server, '{ me }');
    expect(refused.status).toBe(401);
    expect(refused.body.errors[0].extensions.code).toBe('UNAUTHENTICATED');
  });

  it('is answered 401 with a wrong credential, whatever the operation is', async () => {
    for (const query of ['{ __typename }', '{ syntax']) {
      const { status, headers, body } = await post(server, query, { authorization: 'Bearer nope' });
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
    const { status, body } = await post(server, '{ me }', { authorization: 'Bearer outage' });
    expect(status).toBe(503);
    expect(body.errors[0].message).toBe('Internal error');
  });
});

describe('a request id', () => {
  it('is taken from the caller and given back', async () => {
    const { headers, body } = await post(server, '{ requestId }', {
      'x-request-id': 'order-7:charge',
    });
    expect(body.data.requestId).toBe('order-7:charge');
    expect(headers.get('x-request-id')).toBe('order-7:charge');
  });

  it.each(['a b', 'x'.repeat(129), '<script>'])('is made anew when %j was sent', async (given) => {
    const { headers } = await post(server, '{ requestId }', { 'x-request-id': given });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is on every answer', async () => {
    for (const path of ['/livez', '/readyz', '/nothing']) {
      expect((await get(server, path)).headers.get('x-request-id')).not.toBeNull();
    }
  });
});

describe('an error', () => {
  it('of ours is masked and carries the request id', async () => {
    const { status, headers, body } = await post(server, '{ fault }');
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
      server,
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
        const { body } = await post(server, query, { 'x-request-id': id });
        expect(body.errors[0].extensions.requestId).toBe(id);
      }
    }
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
    for (const headers of [preflight.headers, (await post(server, '{ me }', { origin })).headers]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('vary')).toContain('Origin');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  });

  it('are kept out otherwise', async () => {
    const { headers } = await post(server, '{ me }', { origin: 'https://evil.example.com' });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('health', () => {
  it('is alive as long as it answers', async () => {
    expect(await get(server, '/livez')).toMatchObject({ status: 200, body: { alive: true } });
  });

  it('is measured', async () => {
    await post(server, '{ fault }');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain('drawdown_graphql_errors_total{code="INTERNAL_SERVER_ERROR"} 1');
    expect(text).toContain('drawdown_http_request_seconds_count{route="graphql",status="200"} 1');
  });

  it.each(['/nothing', '/graphql/', '/graphiql/assets/0/boot.js', '//evil.example.com', '/%'])(
    'answers 404 in JSON at %s',
    async (path) => {
      expect(await get(server, path)).toMatchObject({
        status: 404,
        body: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
      });
    },
  );
});

describe('a visitor', () => {
  /** What Chromium sends when somebody enters an address. */
  const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  function visit(path: string, method = 'GET'): Promise<Response> {
    return fetch(server.url + path, { method, headers: BROWSER, redirect: 'manual' });
  }

  it('is told in JSON what is where, and each of it is there', async () => {
    const { status, headers, body } = await get(server, '/');
    expect(status).toBe(200);
    expect(headers.get('vary')).toContain('accept');
    expect(body).toMatchObject({ name: 'Drawdown', credential: expect.any(String) });
    const paths = Object.keys(body.places);
    expect(paths).toEqual(['/graphiql', '/graphql', '/livez', '/readyz', '/metrics']);
    for (const path of paths) expect((await visit(path)).status, path).toBeLessThan(400);
  });

  it('is shown a page with a browser, which links to the same and runs nothing', async () => {
    const response = await visit('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('vary')).toContain('accept');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none';");
    const page = await response.text();
    const links = [...page.matchAll(/<a href="([^"]+)">/g)].map((match) => match[1]);
    expect(links).toEqual(Object.keys((await get(server, '/')).body.places));
    expect(page).not.toMatch(/https?:|<script/);
    const head = await visit('/', 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(page)));
    expect(await head.text()).toBe('');
  });

  it('is led from the API to GraphiQL, unless there is something to answer', async () => {
    for (const path of ['/graphql', '/graphql?', '/graphql?from=mail']) {
      const response = await visit(path);
      expect(response.status).toBe(303);
      expect(response.headers.get('location')).toBe('/graphiql');
    }
    const asked = await visit(`/graphql?query=${encodeURIComponent('{ __typename }')}`);
    expect(await asked.json()).toEqual({ data: { __typename: 'Query' } });
    const { body } = await get(server, '/graphql');
    expect(body.errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('cannot post to the front', async () => {
    expect((await visit('/', 'POST')).status).toBe(404);
  });
});
