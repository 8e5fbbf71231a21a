import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openRooms } from './access-fixture.ts';

// Each command is a process of its own: on a busy machine that takes seconds.
vi.setConfig({ testTimeout: 180_000 });

let rooms: Awaited<ReturnType<typeof openRooms>>;

beforeAll(async () => {
  rooms = await openRooms();
});
afterAll(() => rooms.close());

const BIN = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `drawdown keys ...`, as typed in a shell. */
function keys(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, DATABASE_URL: rooms.url };
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, 'keys', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test('creating a key makes the organization when it is missing, and prints the key once', async () => {
  const first = await keys('create', '--organization', 'Acme', '--json');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const { organization, key } = JSON.parse(first.stdout);
  expect(organization).toBe('Acme');
  const viewer = await rooms.logIn(key);
  expect(viewer).toMatchObject({ mode: 'TEST', kind: 'KEY' });

  const scopes = ['--scopes', 'usage:write, wallet:read'];
  const second = await keys('create', '--organization', 'Acme', ...scopes);
  expect(second.stdout).toMatch(/^rk_test_[0-9A-Za-z]{38}\n$/);
  const restricted = await rooms.logIn(second.stdout.trim());
  expect(restricted.organizationId).toBe(viewer.organizationId);
  expect(restricted.scopes).toEqual(new Set(['usage:write', 'wallet:read']));
});

test('a list shows every key without its secret, and a revoked key stops', async () => {
  const live = ['--organization', 'Live', '--mode', 'live', '--json'];
  const { id, key } = JSON.parse((await keys('create', ...live)).stdout);
  const listed = await keys('list', '--organization', 'Live', '--json');
  expect(listed.stdout).not.toContain(key);
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { id, organization: 'Live', mode: 'LIVE', kind: 'SECRET', scopes: [], revokedAt: null },
  ]);
  expect(JSON.parse((await keys('revoke', id, '--json')).stdout)).toEqual({ id, revoked: true });
  expect(await rooms.access.authenticate(`Bearer ${key}`)).toHaveProperty('refusal');
});

test.each([
  ['a scope that does not exist', ['create', '--organization', 'Never', '--scopes', 'all']],
  ['no organization', ['create']],
  ['an unknown key', ['revoke', 'key_01h455vb4pex5vsknk084sn02q']],
])('%s ends the command with one line and code 1, and makes nothing', async (_case, args) => {
  const ended = await keys(...args);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr.trim().split('\n')[0]).not.toBe('');
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(await rooms.db.prisma.organization.count({ where: { name: 'Never' } })).toBe(0);
});
