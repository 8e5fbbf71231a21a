import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACME_KEY, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  await server.stop();
});

/** Sends a body as it is; what is answered, with the names of the headers as they were written. */
async function send(body: string, headers: Record<string, string> = {}) {
  const request = httpRequest(server.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'same', ...headers },
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const { date: _, ...rest } = response.headers;
  return {
    rawHeaders: response.rawHeaders,
    answer: { status: response.statusCode, headers: rest, body: await text(response) },
  };
}

/** Yoga writes this header with capitals, and we do not: it tells who has answered. */
const isDirect = ({ rawHeaders }: Awaited<ReturnType<typeof send>>) =>
  rawHeaders.includes('content-type');

describe('a document that was seen before', () => {
  const accepted = [
    undefined,
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json;q=0.9',
    'application/json, text/event-stream',
    'application/json, text/plain, */*',
    'text/html, application/json',
    'text/html',
    'APPLICATION/JSON',
    'constructor',
    '__proto__',
    'application/json; charset=utf-16, application/graphql-response+json',
  ];
  const asked: [name: string, body: object][] = [
    ['a query', { query: '{ me }' }],
    ['a mutation', { query: 'mutation { touch }' }],
    ['null for what is left out', { query: '{ me }', variables: null, operationName: null }],
    [
      'variables',
      { query: 'query Q($t: String) { echo(text: $t) }', variables: { t: 'é ✓', other: 1 } },
    ],
    [
      'a wrong variable',
      { query: 'query Q($n: Int) { count(n: $n) me }', variables: { n: 'one' } },
    ],
    [
      'one of two operations',
      { query: 'query A { me } query B { touch: me }', operationName: 'B' },
    ],
    ['no one of two operations', { query: 'query A { me } query B { me }' }],
    ['an empty operation name', { query: '{ me }', operationName: '' }],
    ['an unknown operation', { query: '{ me }', operationName: 'Other' }],
    ['extensions', { query: '{ me }', extensions: { client: 'one' } }],
    ['a fault', { query: '{ me fault }' }],
    ['a document that is not valid', { query: '{ nothing }' }],
    ['a document that is too deep', { query: `${'{ self '.repeat(13)}{ me }${'}'.repeat(13)}` }],
    ['a syntax error', { query: '{ me' }],
    ['an unknown parameter', { query: '{ me }', other: 1 }],
    ['variables that are a list', { query: '{ me }', variables: [1] }],
    ['variables that are a text', { query: '{ me }', variables: '{}' }],
    ['an operation name that is a number', { query: '{ me }', operationName: 1 }],
    ['no query', { variables: {} }],
    ['a list', [{ query: '{ me }' }]],
  ];

  it.each(asked)('is answered as for the first time: %s', async (_, body) => {
    for (const accept of accepted) {
      for (const authorization of [ACME_KEY, undefined]) {
        const headers = { ...(accept && { accept }), ...(authorization && { authorization }) };
        // A comment makes it another document.
        const fresh = JSON.stringify(body).replace(
          '{"query":"',
          `{"query":"# ${accept} ${!authorization}\\n`,
        );
        const first = await send(fresh, headers);
        const second = await send(fresh, headers);
        expect(second.answer).toEqual(first.answer);
      }
    }
  });

  it.each([
    'application/json ; charset=utf-8',
    'Application/JSON',
    'application/json;charset=utf-8',
    'application/graphql+json',
    'application/json-patch+json',
    'application/jsonp',
  ])('is answered as for the first time when it is sent as %s', async (type) => {
    const body = JSON.stringify({ query: '{ me }' });
    const headers = { 'content-type': type, authorization: ACME_KEY };
    const first = await send(body, headers);
    expect((await send(body, headers)).answer).toEqual(first.answer);
    expect(first.answer.status).toBe(/json[-p]/.test(type) ? 415 : 200);
  });

  it('is answered past the HTTP layer of Yoga', async () => {
    const ask = () => send(JSON.stringify({ query: '{ me }' }), { authorization: ACME_KEY });
    expect(isDirect(await ask())).toBe(false);
    expect(isDirect(await ask())).toBe(true);
  });

  it('is not taken for a known one when it was not valid', async () => {
    const body = JSON.stringify({ query: '{ nothing }' });
    for (const answer of [await send(body), await send(body)]) {
      expect(isDirect(answer)).toBe(false);
      expect(answer.answer.body).toContain('GRAPHQL_VALIDATION_FAILED');
    }
  });

  it('may be a subscription, which is a stream', async () => {
    const query = 'subscription { breaks }';
    for (let time = 0; time < 2; time += 1) {
      const { answer } = await send(JSON.stringify({ query }), {
        authorization: ACME_KEY,
        accept: 'text/event-stream',
      });
      expect(answer.headers['content-type']).toBe('text/event-stream');
      expect(answer.body).toContain('event: complete');
    }
  });
});

describe('a body', () => {
  it.each([
    ['nothing', ''],
    ['not JSON', '{"query":'],
    ['null', 'null'],
    ['a text', '"{ me }"'],
    ['a key of the prototype', '{"query":"{ me }","__proto__":{"query":"{ fault }"}}'],
  ])('that is %s is refused', async (_, body) => {
    const { answer } = await send(body, { authorization: ACME_KEY });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).errors[0].extensions.code).toBe('BAD_REQUEST');
  });

  it('may come in pieces, in the middle of a character', async () => {
    const body = Buffer.from(JSON.stringify({ query: '{ echo(text: "✓✓✓") }' }));
    const request = httpRequest(server.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: ACME_KEY },
    });
    for (let at = 0; at < body.length; at += 1) request.write(body.subarray(at, at + 1));
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('{"data":{"echo":"✓✓✓"}}');
  });

  it('whose sender goes away in the middle is nobody’s fault', async () => {
    const request = httpRequest(server.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '1000' },
    });
    request.on('error', () => undefined);
    request.write('{"query":');
    const [socket] = (await once(request, 'socket')) as [Socket];
    await once(socket, 'connect');
    // Whoever comes behind is heard behind.
    const ask = () => send(JSON.stringify({ query: '{ __typename }' }));
    expect((await ask()).answer.status).toBe(200);
    request.destroy();
    expect((await ask()).answer.status).toBe(200);
    const startMs = performance.now();
    await server.stop();
    expect(performance.now() - startMs).toBeLessThan(5_000);
    server = await startTestServer();
  });
});
