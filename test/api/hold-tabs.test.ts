import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// The tabs about holds, played behind the first five as GraphiQL shows them.

const FOLDER = new URL('../../schema/operations/', import.meta.url);

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
  for (const name of ['01-create-customer', '02-create-asset', '03-grant-credit']) await play(name);
  for (const name of ['04-create-metric', '05-create-price']) await play(name);
});
afterAll(() => api.stop());

async function play(name: string, more: object = {}) {
  const query = readFileSync(new URL(`${name}.graphql`, FOLDER), 'utf8');
  const variables = JSON.parse(readFileSync(new URL(`${name}.variables.json`, FOLDER), 'utf8'));
  const { data, errors } = await api.ask(query, { input: { ...variables.input, ...more } });
  expect(errors).toBeUndefined();
  return data[Object.keys(data)[0] ?? ''];
}

test('20 sets value aside, once, and 21 charges what was used of it', async () => {
  const placed = await play('20-place-hold');
  expect(placed).toMatchObject({
    created: true,
    hold: { status: 'OPEN', held: '0.01' },
    balance: { balance: { settled: '10', held: '0.01', available: '9.99' } },
  });
  expect(await play('20-place-hold')).toMatchObject({
    created: false,
    hold: { id: placed.hold.id },
  });
  expect(await play('21-capture-hold', { hold: placed.hold.id })).toMatchObject({
    duplicate: false,
    late: false,
    hold: { status: 'CAPTURED', amount: '0.01', captured: '0.0064' },
    balance: { balance: { settled: '9.9936', held: '0', available: '9.9936' } },
  });
});
