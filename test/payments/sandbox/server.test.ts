import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkoutOf } from '../../support/sandbox.ts';
import { startSandbox } from '../../support/sandbox-server.ts';

let server: Awaited<ReturnType<typeof startSandbox>>;
let page: string;

beforeAll(async () => {
  server = await startSandbox();
  const { url } = await server.sandbox.createCheckout(checkoutOf());
  page = url ?? '';
});

afterAll(() => server?.stop());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** What `fetch` does not send as it is told: whose form it is. */
function post(headers: Record<string, string>, body: string) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sent = request(page, { method: 'POST', headers: { ...FORM, ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('the page is read, by HEAD without its body', async () => {
  const read = await fetch(page);
  expect(read.status).toBe(200);
  expect(await read.text()).toContain('1,250.50');
  const head = await fetch(page, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe(read.headers.get('content-length'));
  expect((await fetch(`${server.url}/sandbox/`)).status).toBe(404);
});

test.each([
  [{ 'sec-fetch-site': 'cross-site' }],
  [{ 'sec-fetch-site': 'same-site' }],
  [{ 'sec-fetch-site': 'none' }],
  [{ origin: 'https://evil.example' }],
  [{ origin: 'null' }],
])('a form of another site is refused: %j', async (headers: Record<string, string>) => {
  const { status } = await post(headers, 'action=pay&method=pays');
  expect(status).toBe(403);
});

test('what is no form is refused', async () => {
  const { status } = await post({ 'content-type': 'application/json' }, '{"action":"pay"}');
  expect(status).toBe(415);
});

test.each([
  ['announced', {}],
  ['found out', { 'transfer-encoding': 'chunked' }],
])('a form that is too large is refused, %s', async (_, headers: Record<string, string>) => {
  const { status } = await post(headers, `action=pay&method=pays&note=${'x'.repeat(16 * 1024)}`);
  expect(status).toBe(413);
});

test('a card number is refused, and its form pays nothing', async () => {
  const { status, text } = await post({}, 'action=pay&method=pays&card=4242+4242+4242+4242');
  expect(status).toBe(400);
  expect(text).not.toContain('4242');
});

test('the page’s own form is taken, once all that was refused has changed nothing', async () => {
  expect(await (await fetch(page)).text()).toContain('type="radio"');
  const { status } = await post(
    { 'sec-fetch-site': 'same-origin', origin: server.url },
    'action=pay&method=pays',
  );
  expect(status).toBe(303);
  expect(await (await fetch(page)).text()).toContain('<h1>Paid</h1>');
});
