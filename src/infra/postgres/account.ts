import { execFileSync } from 'node:child_process';
import { accessSync, chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** A command line, and the user to start it as when that is another one. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly as: Ids | Record<never, never>;
}

/** Who PostgreSQL runs as. It refuses to run as root, so root starts it as a user of its own. */
export interface Account {
  /** Gives the file or folder to that user. */
  own(path: string): void;
  launch(file: string, args: readonly string[]): Launch;
}

const USER = 'postgres';
const SETPRIV = '/usr/bin/setpriv';

/** `paths` are what PostgreSQL must be able to reach. */
export function chooseAccount(paths: readonly string[]): Account {
  if (process.getuid?.() !== 0) {
    return { own: () => undefined, launch: (file, args) => ({ file, args, as: {} }) };
  }
  const ids = findUser() ?? createUser();
  const closed = paths.map(firstClosedFolder).find((folder) => folder !== null);
  if (closed) requireSetpriv(closed);
  return {
    own: (path) => chownSync(path, ids.uid, ids.gid),
    launch: (file, args) => (closed ? withRootsReach(ids, file, args) : { file, args, as: ids }),
  };
}

function findUser(): Ids | null {
  try {
    return { uid: Number(run('id', '-u', USER)), gid: Number(run('id', '-g', USER)) };
  } catch {
    return null;
  }
}

function createUser(): Ids {
  try {
    run('groupadd', '--system', USER);
    run('useradd', '--system', '--gid', USER, '--no-create-home', USER);
  } catch {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root and the user "${USER}" cannot be created: start as another user, or set DATABASE_URL.`,
    );
  }
  return findUser() as Ids;
}

function run(file: string, ...args: string[]): string {
  return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** The folder on the way to `path` that only its owner may pass, such as /root; null when there is none. */
function firstClosedFolder(path: string): string | null {
  const parent = dirname(path);
  if (parent === path) return null;
  return firstClosedFolder(parent) ?? ((statSync(parent).mode & 0o001) === 0 ? parent : null);
}

function requireSetpriv(closed: string): void {
  try {
    accessSync(SETPRIV);
  } catch {
    throw new EmbeddedPostgresError(
      `PostgreSQL runs as the user "${USER}", who may not enter ${closed}: run chmod o+x on it, or set DATABASE_URL.`,
    );
  }
}

/**
 * A clone in /root or in a private temporary folder is out of any other user's reach. There the server
 * keeps, of all that root may do, the right to reach files.
 */
function withRootsReach(ids: Ids, file: string, args: readonly string[]): Launch {
  const user = [`--reuid=${ids.uid}`, `--regid=${ids.gid}`, '--clear-groups'];
  const reach = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  // Without this bit access(2), which initdb asks about its programs, forgets that right again.
  const fixup = '--securebits=+no_setuid_fixup';
  return { file: SETPRIV, args: [...user, fixup, ...reach, '--', file, ...args], as: {} };
}
