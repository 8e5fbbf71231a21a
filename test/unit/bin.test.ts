import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const BIN = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

test('a command that was not built ends with one line that says what to do, and code 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drawdown-bin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const bin = join(folder, 'src', 'cli', 'bin.mjs');
  await cp(BIN, bin);
  await expect(promisify(execFile)(process.execPath, [bin, '--help'])).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'drawdown: it is not built yet: run "npm run build".\n',
  });
});
