// `npm run build`: compiles what runs into `build/`. Plain JavaScript, for it runs before anything is built.
import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TYPESCRIPT = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const BUILD = join(ROOT, 'build');
// Made beside the former one and put in its place when it is whole: nothing of a source that is gone stays,
// what starts meanwhile finds every file, and a failure leaves what was there.
const NEXT = join(ROOT, `build-${process.pid}`);
const FORMER = `${NEXT}-former`;

try {
  const args = [join(TYPESCRIPT, 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', NEXT];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 1;
  if (status === 0) {
    if (existsSync(BUILD)) renameSync(BUILD, FORMER);
    renameSync(NEXT, BUILD);
  }
} finally {
  for (const folder of [NEXT, FORMER]) rmSync(folder, { recursive: true, force: true });
}
