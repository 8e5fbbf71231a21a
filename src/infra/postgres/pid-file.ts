import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The server process of a cluster, as it describes itself in `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
  /** Whether it was told to stop, and waits for its sessions or writes down what they have done. */
  readonly stopping: boolean;
}

/** The server that runs on the cluster, whoever started it; null when there is none. */
export function findPostmaster(cluster: string): Postmaster | null {
  const written = read(cluster);
  return written && runsOn(cluster, written.pid) ? written : null;
}

/** Whether the server is gone or stopping. A file that cannot be read just now says nothing about it. */
export function isEnding(cluster: string, pid: number): boolean {
  return !isAlive(pid) || read(cluster)?.stopping === true;
}

/**
 * A killed server leaves its file. PostgreSQL overwrites it, unless its process number belongs to some
 * other process by now, as happens in restarted containers: then it must go first.
 */
export function removeStalePidFile(cluster: string): void {
  const written = read(cluster);
  if (written && isAlive(written.pid) && !runsOn(cluster, written.pid))
    rmSync(join(cluster, 'postmaster.pid'));
}

function read(cluster: string): Postmaster | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    if (!Number.isSafeInteger(pid) || pid <= 0) return null;
    const state = lines[7]?.trim();
    return {
      pid,
      port: Number(lines[3]),
      ready: state === 'ready',
      stopping: state === 'stopping',
    };
  } catch {
    return null;
  }
}

function runsOn(cluster: string, pid: number): boolean {
  if (!existsSync('/proc/self/cmdline')) return isAlive(pid);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster);
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
