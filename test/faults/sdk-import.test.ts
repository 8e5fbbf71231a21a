import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY, setUpCalls, startApi, type TestApi } from '../support/api.ts';

// A merchant's project: another folder, another tsconfig.json, plain JavaScript or TypeScript.

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const run = promisify(execFile);

const PROGRAM = (types: string) => `import { LeaseError, openLease } from 'drawdown/sdk';

const lease = await openLease({
  url: process.env.DRAWDOWN_URL${types && " ?? ''"},
  key: process.env.DRAWDOWN_KEY${types && " ?? ''"},
  customer: { externalId: 'acme' },
  asset: 'USD',
  block: '5',
  lowWater: '2',
});
if ('refused' in lease) throw new Error(lease.message);
if (lease.tryTake('1')) lease.report({ eventId: 'answer-1', type: 'api.call' }, '1');
try {
  lease.tryTake('one');
} catch (error) {
  if (!(error instanceof LeaseError) || error.code !== 'BAD_AMOUNT') throw error;
}
console.log(JSON.stringify(await lease.close()));
`;

let folder: string;
let api: TestApi;

beforeAll(async () => {
  api = await startApi();
  await setUpCalls(api.ask);
  folder = await mkdtemp(join(tmpdir(), 'drawdown-merchant-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules', 'drawdown'));
  await symlink(join(ROOT, 'node_modules', '@types'), join(folder, 'node_modules', '@types'));
  await writeFile(join(folder, 'package.json'), '{ "name": "merchant", "type": "module" }');
  await writeFile(join(folder, 'server.mjs'), PROGRAM(''));
  await writeFile(join(folder, 'typed.ts'), PROGRAM('typed'));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await api?.stop();
});

const TSCONFIG = {
  compilerOptions: {
    module: 'NodeNext',
    target: 'ES2022',
    strict: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: false,
  },
  files: ['typed.ts'],
};

test('plain JavaScript leases, and its process ends', async () => {
  const env = { ...process.env, DRAWDOWN_URL: api.url, DRAWDOWN_KEY: KEY };
  const { stdout, stderr } = await run(process.execPath, ['server.mjs'], { cwd: folder, env });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ released: true, unreported: [] });
  const { data } = await api.ask(
    '{ customer(ref: { externalId: "acme" }) { wallets { balance { held available } } } }',
  );
  expect(data.customer.wallets[0].balance).toEqual({ held: '0', available: '9' });
});

test('TypeScript knows what it has, and what it has not asked yet', {
  timeout: 60_000,
}, async () => {
  await run(process.execPath, [TSC, '-p', folder]);
  await writeFile(
    join(folder, 'typed.ts'),
    PROGRAM('typed')
      .replace(/if \('refused' in lease\).*\n/, '')
      .replace("block: '5'", 'block: 5'),
  );
  const { stdout } = await run(process.execPath, [TSC, '-p', folder]).catch((error) => error);
  expect(stdout).toMatch(/'number' is not assignable to type 'string'/);
  expect(stdout).toMatch(/'tryTake' does not exist on type 'LeaseRefusal'/);
});
