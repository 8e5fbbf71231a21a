import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';
import { until } from '../support/until.ts';

// The tabs about payments, played behind the first two as GraphiQL shows them.

const FOLDER = new URL('../../schema/operations/', import.meta.url);

let api: TestApi;

beforeAll(async () => {
  api = await startApi({ worker: true });
  for (const name of ['01-create-customer', '02-create-asset']) await play(name);
});
afterAll(() => api.stop());

async function play(name: string) {
  const query = readFileSync(new URL(`${name}.graphql`, FOLDER), 'utf8');
  const variables = JSON.parse(readFileSync(new URL(`${name}.variables.json`, FOLDER), 'utf8'));
  const { data, errors } = await api.ask(query, variables);
  expect(errors).toBeUndefined();
  return data[Object.keys(data)[0] ?? ''];
}

test('23 asks for money, which 24 shows once it was paid on the page', async () => {
  const { payment } = await play('23-create-top-up');
  expect(payment).toMatchObject({ status: 'PENDING', amount: '25' });
  const { url } = payment.checkout;
  await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ method: 'pays', action: 'pay' }),
    headers: { origin: new URL(url).origin },
  });
  const first = async () => (await play('24-read-payments')).payments.edges[0].node;
  await until('it is paid', async () => (await first()).status === 'SETTLED');
  expect(await first()).toMatchObject({
    paid: '25',
    failure: null,
    credits: { edges: [{ node: { credit: '25', bonus: '0', grant: { remaining: '25' } } }] },
  });
});
