import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';

/** What lies in the data folder. */
export interface Files {
  readonly root: string;
  /** PostgreSQL's own files, and `access.json` beside them. */
  readonly cluster: string;
  readonly log: string;
}

/** How to reach the server. Kept for the owner's eyes only, inside the cluster that it opens. */
export interface Access {
  readonly port: number;
  readonly password: string;
}

const OWNER_ONLY = 0o600;
/** Others may pass to the cluster, which the server's own user owns, but not look around. */
const PASS_ONLY = 0o711;

function filesIn(dataDir: string): Files {
  const root = resolve(dataDir);
  return { root, cluster: join(root, 'postgres'), log: join(root, 'postgres.log') };
}

/** Whether a database was ever made in the folder; makes nothing. */
export function hasCluster(dataDir: string): boolean {
  return existsSync(filesIn(dataDir).cluster);
}

export function openDataFolder(dataDir: string): Files {
  const files = filesIn(dataDir);
  try {
    mkdirSync(files.root, { recursive: true, mode: PASS_ONLY });
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The data folder ${files.root} cannot be made: ${(error as Error).message}.`,
    );
  }
  return files;
}

export function readAccess(cluster: string): Access {
  const file = join(cluster, 'access.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Access;
  } catch (error) {
    throw new EmbeddedPostgresError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

export function writeAccess(cluster: string, access: Access): void {
  const draft = join(cluster, `access.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(access)}\n`, { mode: OWNER_ONLY });
  renameSync(draft, join(cluster, 'access.json'));
}

/** The file that the server writes its messages to, made for the owner only. */
export function openLogFile(files: Files): { fd: number; close(): void } {
  const fd = openSync(files.log, 'a', OWNER_ONLY);
  return { fd, close: () => closeSync(fd) };
}

/** The server's last message of an error that ended it. */
export function lastFatalLine(files: Files): string {
  const lines = readFileSync(files.log, 'utf8').trimEnd().split('\n');
  return lines.findLast((line) => line.includes('FATAL')) ?? lines.at(-1) ?? 'it said nothing';
}

/** `preferred` when nothing listens on it; otherwise any free port. */
export async function findFreePort(preferred = 0): Promise<number> {
  const server = createServer();
  try {
    return await new Promise((settle, fail) => {
      server.once('error', fail);
      server.listen(preferred, '127.0.0.1', () =>
        settle((server.address() as { port: number }).port),
      );
    });
  } catch (error) {
    if (preferred === 0) throw error;
    return findFreePort();
  } finally {
    server.close();
  }
}
