import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDrawdown } from '../support/child-api.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-nothing-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['verify'],
  ['verify --json'],
  ['migrate --status'],
  ['migrate --status --json'],
  ['keys list'],
  ['keys revoke key_01h455vb4pex5vsknk084sn02q'],
])('drawdown %s says that a missing data folder is missing, and makes nothing', async (line) => {
  for (const dataDir of [join(folder, 'missing'), folder]) {
    const reach = { DATABASE_URL: '', DRAWDOWN_DATA_DIR: dataDir };
    const { code, stdout, stderr } = await runDrawdown(line.split(' '), reach).ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `drawdown: There is no database in the data folder ${dataDir}: "drawdown serve" makes one; set DRAWDOWN_DATA_DIR or DATABASE_URL if it is elsewhere.\n`,
    );
    expect(existsSync(join(folder, 'missing'))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  }
});
