import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../src/cli/api.ts';
import { applyCatalog } from '../../src/cli/apply-catalog.ts';
import { readCatalogText } from '../../src/cli/catalog-file.ts';
import { startApi, type TestApi } from '../support/api.ts';

// The plan of GraphiQL's tabs, and the same one pushed as a file.

const FOLDER = new URL('../../schema/operations/', import.meta.url);
const FILE = readFileSync(new URL('../../docs/examples/walk.yaml', import.meta.url), 'utf8');

let api: TestApi;
let otherKey: string;

beforeAll(async () => {
  api = await startApi();
  otherKey = await api.otherKey();
});
afterAll(() => api.stop());

/** Plays a tab with the variables that stand in it. */
async function play(number: string) {
  const name = readdirSync(FOLDER).find((file) => file.startsWith(`${number}-`)) ?? '';
  const document = name.replace(/\..*/, '');
  const read = (ending: string) => readFileSync(new URL(`${document}.${ending}`, FOLDER), 'utf8');
  const { data, errors } = await api.ask(read('graphql'), JSON.parse(read('variables.json')));
  expect(errors).toBeUndefined();
  return Object.values(data)[0];
}

test('a plan that is built in GraphiQL and one that is pushed as a file are the same', async () => {
  for (const tab of ['02', '04', '05']) await play(tab);
  expect(await play('14')).toMatchObject({ created: true, feature: { code: 'chat' } });
  expect(await play('15')).toMatchObject({
    changed: true,
    version: { number: 1, status: 'DRAFT' },
  });
  expect(await play('16')).toMatchObject({
    published: true,
    version: { number: 1, status: 'PUBLISHED', rateCard: { code: 'pro@1' } },
  });
  expect(await play('15')).toMatchObject({ changed: false });
  expect(await play('16')).toMatchObject({ published: false });

  const endpoint = `${api.url}/graphql`;
  const pushed = await applyCatalog(createApi({ endpoint, key: otherKey }), readCatalogText(FILE), {
    publish: true,
    dryRun: false,
  });
  expect(pushed).toMatchObject({ written: true, missing: [] });

  const READ =
    '{ catalogDocument plan(plan: "pro") { name latest { number document } draft { id } } }';
  const built = await api.ask(READ);
  expect(built.data.plan).toMatchObject({ latest: { number: 1 }, draft: null });
  expect((await api.ask(READ, {}, otherKey)).data).toEqual(built.data);
});

test('a document takes one idempotency key, for all of it', async () => {
  const apply = async (input: object) => {
    const { data } = await api.ask(
      `mutation ($input: ApplyCatalogInput!) { applyCatalog(input: $input) {
        ... on ApplyCatalogPayload { written changes { noun name action } }
        ... on Error { code } ... on ValidationError { issues { path code } }
      } }`,
      { input },
    );
    return data.applyCatalog;
  };
  const assets = [{ code: 'POINT' }];
  expect(await apply({ assets: [{ code: 'POINT', idempotencyKey: 'one' }] })).toEqual({
    code: 'VALIDATION_FAILED',
    issues: [{ path: 'assets.0.idempotencyKey', code: 'NOT_ALLOWED' }],
  });
  const changes = [{ noun: 'ASSET', name: 'POINT', action: 'CREATE' }];
  const once = { assets, idempotencyKey: 'once' };
  expect(await apply({ ...once, dryRun: true })).toEqual({ written: false, changes });
  expect(await apply(once)).toEqual({ written: true, changes });
  expect(await apply(once)).toEqual({ written: true, changes });
  expect(await apply({ assets })).toEqual({ written: false, changes: [] });
  expect(await apply({ plans: [], idempotencyKey: 'once' })).toMatchObject({
    code: 'IDEMPOTENCY_MISMATCH',
  });
});
