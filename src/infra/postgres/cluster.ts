import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account.ts';
import { EmbeddedPostgresError } from './error.ts';
import { type Files, findFreePort, writeAccess } from './files.ts';
import { isAlive } from './pid-file.ts';

export const SUPERUSER = 'drawdown';

/** Sorts by code point whatever the machine's languages are, so that a copied cluster sorts alike. */
const INITDB_OPTIONS = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--auth=scram-sha-256',
  `--username=${SUPERUSER}`,
  '--no-instructions',
];

const DRAFT = 'postgres.draft-';

/**
 * Makes the cluster when there is none. It is made beside its place and moved there whole: a process
 * that dies meanwhile leaves none, and of two that try at once one wins.
 */
export async function ensureCluster(files: Files, initdb: string, account: Account): Promise<void> {
  if (existsSync(files.cluster)) return;
  const draft = join(files.root, `${DRAFT}${process.pid}`);
  const passwordFile = `${draft}.password`;
  const password = randomBytes(24).toString('hex');
  try {
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    account.own(draft);
    account.own(passwordFile);
    await run(account, initdb, [
      `--pgdata=${draft}`,
      `--pwfile=${passwordFile}`,
      ...INITDB_OPTIONS,
    ]);
    writeAccess(draft, { port: await findFreePort(), password });
    renameSync(draft, files.cluster);
  } catch (error) {
    if (!existsSync(files.cluster)) throw error;
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * What processes left that died while they made a cluster. Only for the one that holds the folder. Whoever is at it
 * still, because another one was quicker, removes its own.
 */
export function removeDrafts(files: Files): void {
  for (const name of readdirSync(files.root)) {
    if (!name.startsWith(DRAFT)) continue;
    const maker = Number.parseInt(name.slice(DRAFT.length), 10);
    if (maker !== process.pid && isAlive(maker)) continue;
    rmSync(join(files.root, name), { recursive: true, force: true });
  }
}

async function run(account: Account, file: string, args: readonly string[]): Promise<void> {
  const launch = account.launch(file, args);
  try {
    await promisify(execFile)(launch.file, launch.args, { ...launch.as, env: { LC_ALL: 'C' } });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr || (error as Error).message;
    throw new EmbeddedPostgresError(
      `PostgreSQL's initdb failed: ${said.trim().replaceAll('\n', ' ')}`,
    );
  }
}
