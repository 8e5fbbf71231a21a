import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account } from './account.ts';
import { EmbeddedPostgresError } from './error.ts';
import { type Files, lastFatalLine, openLogFile } from './files.ts';
import { findPostmaster, type Postmaster, removeStalePidFile } from './pid-file.ts';
import { SERVER_OPTIONS } from './server-options.ts';

const POLL_MS = 20;
/** Long enough to recover from a power cut with `max_wal_size` of log to read. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;

/** The server that runs already, once it is ready; null when there is none or it was just stopping. */
export function awaitPostmaster(files: Files): Promise<Postmaster | null> {
  return poll(START_TIMEOUT_MS, `PostgreSQL does not get ready; see ${files.log}.`, () => {
    const found = findPostmaster(files.cluster);
    return !found || found.ready ? found : undefined;
  });
}

/** Starts the server in a session of its own, so that a Ctrl+C meant for us does not reach it first. */
export function startPostmaster(
  files: Files,
  binary: string,
  account: Account,
  port: number,
): Promise<Postmaster> {
  removeStalePidFile(files.cluster);
  const log = openLogFile(files);
  const launch = account.launch(binary, [
    '-D',
    files.cluster,
    '-p',
    String(port),
    ...SERVER_OPTIONS,
  ]);
  const child = spawn(launch.file, launch.args, {
    ...launch.as,
    cwd: files.cluster,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { LC_ALL: 'C' },
  });
  log.close();
  let failure: (() => string) | null = null;
  child.once('error', (error) => {
    failure = () => error.message;
  });
  child.once('exit', () => {
    failure ??= () => lastFatalLine(files);
  });
  // It outlives us when we are killed; whoever starts next finds it.
  child.unref();

  return poll(START_TIMEOUT_MS, `PostgreSQL does not get ready; see ${files.log}.`, () => {
    const found = findPostmaster(files.cluster);
    // Whoever else starts at this moment may win; then ours ends, and theirs is as good.
    if (failure && !found)
      throw new EmbeddedPostgresError(`PostgreSQL does not start: ${failure()}.`);
    return found?.ready ? found : undefined;
  });
}

/** Ends every session, rolls back what is open, writes a checkpoint, and waits for the process to end. */
export async function stopPostmaster(files: Files, pid: number): Promise<void> {
  if (findPostmaster(files.cluster)?.pid !== pid) return;
  process.kill(pid, 'SIGINT');
  await poll(STOP_TIMEOUT_MS, `PostgreSQL (process ${pid}) does not stop; see ${files.log}.`, () =>
    findPostmaster(files.cluster)?.pid === pid ? undefined : null,
  );
}

async function poll<T>(timeoutMs: number, message: string, look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) throw new EmbeddedPostgresError(message);
    await pause(POLL_MS);
  }
}
