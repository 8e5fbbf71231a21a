import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-operations-'));
  const files = {
    '02-grant.graphql': 'mutation Grant { touch }\n',
    '01-hello.graphql': '# Say hello\n# and more\nquery Hello($n: Int) { count(n: $n) }\n',
    '01-hello.variables.json': '{ "n": 3 }\n',
    'README.md': '# Not an operation',
  };
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
  );
  server = await startTestServer({ operationsFolder: folder });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Without the decompression that `fetch` does by itself. */
async function load(
  path: string,
  encoding?: string,
): Promise<{ response: IncomingMessage; body: Buffer }> {
  const headers = encoding === undefined ? {} : { 'accept-encoding': encoding };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(server.url + path, { headers }, resolve).on('error', reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { response, body: Buffer.concat(chunks) };
}

async function assetUrls(): Promise<string[]> {
  const { body } = await load('/graphiql');
  return [...String(body).matchAll(/"(\/graphiql\/assets\/[^"]+)"/g)].map(
    (match) => match[1] as string,
  );
}

describe('the page', () => {
  it('is small, runs scripts of this server only, and names no other', async () => {
    const { response, body } = await load('/graphiql');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toContain('text/html');
    expect(response.headers['cache-control']).toBe('no-cache');
    expect(response.headers['content-security-policy']).toContain("script-src 'self';");
    expect(body.length).toBeLessThan(2_000);
    expect(String(body)).not.toMatch(/https?:\/\//);
    expect(String(body)).not.toMatch(/<script(?![^>]* src=)/);
  });

  it('has all it needs', async () => {
    const urls = await assetUrls();
    expect(urls.map((url) => url.split('/').at(-1))).toEqual([
      'graphiql.css',
      'page.css',
      'react.js',
      'react-dom.js',
      'graphql-ws.js',
      'graphiql.js',
      'boot.js',
      'operations.json',
    ]);
    for (const url of urls) expect((await load(url)).response.statusCode).toBe(200);
  });
});

describe('an asset', () => {
  it('may be kept for ever, because its address changes with its content', async () => {
    for (const url of await assetUrls()) {
      expect(url).toMatch(/^\/graphiql\/assets\/[0-9a-f]{16}\/[a-z.-]+$/);
      const { response } = await load(url);
      expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    }
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['identity', undefined, (body: Buffer) => body],
    [undefined, undefined, (body: Buffer) => body],
  ])('is compressed as the browser likes: %s', async (accepted, encoding, decompress) => {
    const url = (await assetUrls()).find((one) => one.endsWith('/graphiql.js')) as string;
    const plain = (await load(url)).body;
    const { response, body } = await load(url, accepted);
    expect(response.headers['content-encoding']).toBe(encoding);
    expect(response.headers.vary).toBe('accept-encoding');
    expect(decompress(body).equals(plain)).toBe(true);
    if (encoding) expect(body.length).toBeLessThan(plain.length / 2);
  });

  it('is not there under another hash', async () => {
    expect((await load('/graphiql/assets/0123456789abcdef/boot.js')).response.statusCode).toBe(404);
  });
});

describe('the tabs', () => {
  it('are the published operations in the order of their files, with their variables', async () => {
    const url = (await assetUrls()).find((one) => one.endsWith('/operations.json')) as string;
    expect(JSON.parse(String((await load(url)).body))).toEqual([
      {
        title: 'Say hello',
        query: '# Say hello\n# and more\nquery Hello($n: Int) { count(n: $n) }\n',
        variables: '{ "n": 3 }\n',
      },
      { title: '02-grant', query: 'mutation Grant { touch }\n', variables: null },
    ]);
  });
});
