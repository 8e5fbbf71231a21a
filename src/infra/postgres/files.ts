import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';

/** What lies in the data folder. */
export interface Files {
  /** PostgreSQL's own files. */
  readonly cluster: string;
  /** Where the cluster is made before it is moved into place, so that half of one is never taken for one. */
  readonly draft: string;
  /** The port and the password, for the owner's eyes only. */
  readonly access: string;
  readonly log: string;
}

export interface Access {
  readonly port: number;
  readonly password: string;
}

const OWNER_ONLY = 0o600;
/** Others may pass to the cluster, which the server's own user owns, but not look around. */
const PASS_ONLY = 0o711;

export function openDataFolder(dataDir: string): Files {
  const root = resolve(dataDir);
  try {
    mkdirSync(root, { recursive: true, mode: PASS_ONLY });
  } catch (error) {
    throw new EmbeddedPostgresError(`The data folder ${root} cannot be made: ${(error as Error).message}.`);
  }
  return {
    cluster: join(root, 'postgres'),
    draft: join(root, `postgres.draft-${process.pid}`),
    access: join(root, 'postgres.json'),
    log: join(root, 'postgres.log'),
  };
}

/** The remembered port and password; made and remembered when there are none yet. */
export async function readAccess(files: Files): Promise<Access> {
  try {
    return JSON.parse(readFileSync(files.access, 'utf8')) as Access;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new EmbeddedPostgresError(`${files.access} cannot be read: ${(error as Error).message}.`);
    }
  }
  const access = { port: await findFreePort(), password: randomBytes(24).toString('hex') };
  rememberAccess(files, access);
  return access;
}

export function rememberAccess(files: Files, access: Access): void {
  const draft = `${files.access}.draft-${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(access)}\n`, { mode: OWNER_ONLY });
  renameSync(draft, files.access);
}

/** The port, when nothing listens on it; otherwise another one. */
export async function findFreePort(preferred = 0): Promise<number> {
  const server = createServer();
  try {
    return await new Promise((settle, fail) => {
      server.once('error', fail);
      server.listen(preferred, '127.0.0.1', () => settle((server.address() as { port: number }).port));
    });
  } catch (error) {
    if (preferred === 0) throw error;
    return findFreePort();
  } finally {
    server.close();
  }
}
