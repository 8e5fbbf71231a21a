import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executeCodegen, loadContext } from '@graphql-codegen/cli';

// What a change must pass besides the tests: `npm run check`. Every failure names its repair.

interface Check {
  readonly name: string;
  readonly repair: string;
  /** Null: passed; otherwise what is wrong. */
  run(): Promise<string | null>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAX_OUTPUT_BYTES = 32 * 2 ** 20;
const GENERATED_FOLDERS = ['schema/operations/generated', 'src/sdk/generated'];

const CHECKS: readonly Check[] = [
  {
    name: 'types',
    repair: 'repair the code; after a change of prisma/schema.prisma run "npm run generate" first',
    run: () => runTool('typescript', 'tsc', ['--noEmit']),
  },
  {
    name: 'style',
    repair: 'run "npx biome check --write", and repair by hand what remains',
    run: () => runTool('@biomejs/biome', 'biome', ['check', '--max-diagnostics=10']),
  },
  {
    name: 'prisma schema',
    repair: 'repair prisma/schema.prisma',
    run: () => runTool('prisma', 'prisma', ['validate']),
  },
  {
    name: 'prisma format',
    repair: 'run "npx prisma format"',
    run: () => runTool('prisma', 'prisma', ['format', '--check']),
  },
  { name: 'generated graph', repair: 'run "npm run generate" and commit it', run: findDrift },
];

/** Runs a command of a package with our own Node, which works alike on every system. */
async function runTool(
  packageName: string,
  command: string,
  args: readonly string[],
): Promise<string | null> {
  const file = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(await readFile(file, 'utf8'));
  const script = join(dirname(file), typeof bin === 'string' ? bin : bin[command]);
  return new Promise((resolve) => {
    const options = { cwd: ROOT, maxBuffer: MAX_OUTPUT_BYTES };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve(error ? `${stdout}${stderr}`.trim() || error.message : null);
    });
  });
}

/** Generates in memory and compares with the files. */
async function findDrift(): Promise<string | null> {
  const context = await loadContext(join(ROOT, 'codegen.ts'));
  context.updateConfig({ cwd: ROOT, silent: true, errorsOnly: true, noSilentErrors: true });
  const { result, error } = await executeCodegen(context);
  if (error) return String(error.message);
  const wanted = new Map(result.map(({ filename, content }) => [join(ROOT, filename), content]));
  const drifted: string[] = [];
  for (const [file, content] of wanted) {
    const found = await readFile(file, 'utf8').catch(() => null);
    if (found !== content)
      drifted.push(`${file} is ${found === null ? 'missing' : 'out of date'}.`);
  }
  for (const folder of GENERATED_FOLDERS) {
    for (const name of await readdir(join(ROOT, folder)).catch(() => [])) {
      const file = join(ROOT, folder, name);
      if (!wanted.has(file)) drifted.push(`${file} is no longer made.`);
    }
  }
  return drifted.length === 0 ? null : drifted.join('\n');
}

async function main(): Promise<void> {
  const results = await Promise.all(
    CHECKS.map(async (check) => ({ ...check, problem: await check.run() })),
  );
  for (const { name, repair, problem } of results) {
    if (problem === null) process.stdout.write(`ok      ${name}\n`);
    else process.stdout.write(`FAILED  ${name}\n${problem}\n        To repair: ${repair}.\n`);
  }
  if (results.some(({ problem }) => problem !== null)) process.exitCode = 1;
}

await main();
