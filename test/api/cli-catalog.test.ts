import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Api, createApi } from '../../src/cli/api.ts';
import { applyCatalog } from '../../src/cli/apply-catalog.ts';
import { readCatalogText } from '../../src/cli/catalog-file.ts';
import { faultLines } from '../../src/cli/print-catalog.ts';
import { KEY, startApi, type TestApi } from '../support/api.ts';
import { withClient } from '../support/stored-organization.ts';

// Each command is a process of its own: on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 180_000 });

const BIN = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../docs/examples/catalog.yaml', import.meta.url));

let server: TestApi;
let folder: string;
let api: Api;

beforeAll(async () => {
  server = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'catalog-'));
  api = createApi({ endpoint: `${server.url}/graphql`, key: KEY });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await server.stop();
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `drawdown catalog ...`, as typed in a shell. */
function catalog(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, DRAWDOWN_URL: server.url, DRAWDOWN_KEY: KEY };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'catalog', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const TABLES = [
  'organizations',
  'assets',
  'billable_metrics',
  'features',
  'rate_cards',
  'prices',
  'rates',
  'credit_packs',
  'plans',
  'plan_versions',
];

/** Every row that a catalogue consists of. */
const state = () =>
  withClient(server.databaseUrl, async (client) => {
    const parts = TABLES.map((name) => `SELECT '${name}', to_jsonb(t)::text AS row FROM ${name} t`);
    const { rows } = await client.query(`${parts.join(' UNION ALL ')} ORDER BY 1, 2`);
    return rows;
  });

test('the example is new, then pushed, then there, and comes back as it was pushed', async () => {
  const before = await state();
  const planned = await catalog('diff', EXAMPLE);
  expect(planned).toMatchObject({ code: 1, stderr: '' });
  expect(planned.stdout.split('\n')).toEqual([
    '+ asset USD',
    '+ asset CREDIT',
    '+ metric images',
    '+ feature image_generation',
    '+ feature sso',
    '+ price images CREDIT',
    '+ price images CREDIT {"size":"large"}',
    '+ pack credits_1000',
    '+ plan pro',
    '',
  ]);
  expect(await state()).toEqual(before);

  const pushed = await catalog('push', EXAMPLE);
  expect(pushed).toEqual({ code: 0, stderr: '', stdout: `${planned.stdout}Written.\n` });
  const after = await state();
  const again = await catalog('push', EXAMPLE, '--json');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(again.stdout)).toEqual({ changes: [], missing: [], written: false });
  expect(await state()).toEqual(after);
  expect(await catalog('diff', EXAMPLE)).toEqual({
    code: 0,
    stderr: '',
    stdout: 'Nothing to do: it is so already.\n',
  });

  const pulled = join(folder, 'pulled.yaml');
  expect(await catalog('pull', pulled)).toMatchObject({ code: 0, stdout: `Written: ${pulled}\n` });
  const text = await readFile(pulled, 'utf8');
  // Comments are the file's own, and an empty line before them is layout.
  const plain = (yaml: string) => yaml.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  expect(plain(text)).toEqual(plain(await readFile(EXAMPLE, 'utf8')));
  expect(await catalog('diff', pulled)).toMatchObject({ code: 0 });
  expect(await catalog('pull', pulled)).toMatchObject({ stdout: `${pulled} is up to date.\n` });
  expect(await catalog('pull', '-')).toMatchObject({ code: 0, stdout: text });
});

test('a change is shown place by place, drafted, and published when that is asked for', async () => {
  const text = await readFile(EXAMPLE, 'utf8');
  await catalog('push', EXAMPLE, '--publish');
  const changed = await fileOf(
    'changed.yaml',
    text.replace('amount: 5\n', 'amount: 25\n').replace('unitAmount: 5\n', 'unitAmount: 6\n'),
  );
  const planned = await catalog('diff', changed, '--publish');
  expect(planned).toMatchObject({ code: 1, stderr: '' });
  expect(planned.stdout.split('\n')).toEqual([
    '~ price images CREDIT',
    '    unitAmount: 5 -> 6',
    '~ plan pro',
    '    fees.base.amount: 5 -> 25',
    '^ plan pro: publish',
    '',
  ]);
  const versions = async () => {
    const { data } = await server.ask(
      '{ plan(plan: "pro") { latest { number } draft { number } } }',
    );
    return data.plan;
  };
  expect(await versions()).toEqual({ latest: { number: 1 }, draft: null });
  await catalog('push', changed);
  expect(await versions()).toEqual({ latest: { number: 1 }, draft: { number: 2 } });
  const published = await catalog('push', changed, '--publish', '--yes');
  expect(published.stdout).toBe('^ plan pro: publish\nWritten.\n');
  expect(await versions()).toEqual({ latest: { number: 2 }, draft: null });
  expect(await catalog('push', changed, '--publish')).toMatchObject({
    code: 0,
    stdout: 'Nothing to do: it is so already.\n',
  });
});

test('what is not in the file is named, and left as it is', async () => {
  await catalog('push', EXAMPLE);
  const file = await fileOf('less.yaml', 'assets:\n  - code: USD\nplans: []\n');
  expect(await catalog('diff', file)).toEqual({
    code: 0,
    stderr: '',
    stdout:
      'Not in the file, and left as they are: asset CREDIT, plan pro\nNothing to do: it is so already.\n',
  });
});

describe('a file that is wrong is refused with line and column, and changes nothing', () => {
  const GOOD = 'assets:\n  - code: GOOD\n';

  test.each<[string, string, string]>([
    [
      'an unknown key',
      `${GOOD}plans:\n  - code: new\n    fee: []\n`,
      '5:5: There is no field "fee" here',
    ],
    [
      'a metric that is not there',
      `${GOOD}plans:\n  - code: new\n    prices:\n      - metric: videos\n        asset: GOOD\n        unitAmount: 1\n`,
      '6:17: There is no BillableMetric "videos"',
    ],
    [
      'an amount that is none',
      `${GOOD}prices:\n  - { metric: images, asset: GOOD, unitAmount: 1e3 }\n`,
      '4:48: Write a plain decimal string',
    ],
    [
      'an asset that is something else already',
      `${GOOD}metrics:\n  - code: fresh\n    eventType: fresh\n    aggregation: COUNT\n  - code: images\n    eventType: other\n    aggregation: COUNT\n`,
      '8:16: metrics.1.eventType: Metric "images" exists',
    ],
    [
      'the same plan twice',
      `${GOOD}plans:\n  - code: twice\n  - code: twice\n`,
      '5:5: Says again what plans.0 says.',
    ],
    ['no YAML', `${GOOD}plans: [\n`, '4:1: Flow sequence in block collection'],
  ])('%s', async (_what, text, expected) => {
    const before = await state();
    for (const dryRun of [true, false]) {
      const outcome = await applyCatalog(api, readCatalogText(text), { publish: false, dryRun });
      const lines = 'faults' in outcome ? faultLines('wrong.yaml', outcome.faults) : [];
      expect(lines[0]).toContain(`wrong.yaml:${expected}`);
    }
    expect(await state()).toEqual(before);
  });

  test('by the command too', async () => {
    const before = await state();
    const path = await fileOf('wrong.yaml', `${GOOD}plans:\n  - code: new\n    fee: []\n`);
    const pushed = await catalog('push', path);
    expect(pushed).toMatchObject({ code: 1, stdout: '' });
    expect(pushed.stderr).toContain(`${path}:5:5: There is no field "fee" here`);
    expect(pushed.stderr).toContain('nothing was changed');
    expect(await catalog('diff', path)).toMatchObject({ code: 2, stdout: '' });
    expect(await state()).toEqual(before);
  });

  test('an empty plan is not published', async () => {
    const path = await fileOf('empty.yaml', `${GOOD}plans:\n  - code: empty\n`);
    const pushed = await catalog('push', path, '--publish', '--json');
    expect(pushed.code).toBe(1);
    const { faults } = JSON.parse(pushed.stdout);
    expect(faults).toEqual([
      { line: 4, column: 5, message: expect.stringContaining('The draft is empty') },
    ]);
    const { data } = await server.ask('{ plan(plan: "empty") { id } asset(asset: "GOOD") { id } }');
    expect(data).toEqual({ plan: null, asset: null });
  });
});

test('a file that is not there, and a key that may not write, are one line', async () => {
  expect(await catalog('diff', join(folder, 'nowhere.yaml'))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^drawdown: Cannot read .*nowhere\.yaml: .*\n$/),
  });
  const denied = await catalog(
    'push',
    EXAMPLE,
    '--key',
    'sk_test_nobody_has_this_key_0123456789ab',
  );
  expect(denied).toMatchObject({ code: 1, stderr: expect.stringMatching(/^drawdown: .*\n$/) });
});
