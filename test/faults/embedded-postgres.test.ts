import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type EmbeddedPostgres,
  joinEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/infra/embedded-postgres.ts';
import { createLog } from '../../src/infra/log.ts';
import { chooseAccount } from '../../src/infra/postgres/account.ts';

const HOLDER = new URL('../support/hold-postgres.ts', import.meta.url).pathname;

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let undo: (() => Promise<unknown>)[];

  beforeEach(async () => {
    // Only its owner may pass it, as in /root or under any mkdtemp.
    dataDir = await mkdtemp(join(tmpdir(), 'drawdown-faults-'));
    undo = [];
  });
  afterEach(async () => {
    for (const step of undo.reverse()) await step();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const options = () => ({ dataDir, log: createLog({ level: 'silent' }) });

  async function start(): Promise<EmbeddedPostgres> {
    const postgres = await startEmbeddedPostgres(options());
    undo.push(postgres.stop);
    return postgres;
  }

  /** Another process that holds the folder, or is refused. */
  async function hold(): Promise<{ child: ChildProcess; url?: string; refusal?: string }> {
    const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    undo.push(() => end(child, 'SIGTERM'));
    for await (const line of createInterface({ input: child.stdout })) {
      return { child, ...JSON.parse(line) };
    }
    throw new Error('The process that should hold the folder ended without a word.');
  }

  test('keeps what was committed from one start to the next', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await query((await start()).url, 'TABLE kept')).toEqual([{ answer: 42 }]);
  });

  test('keeps every promise about durability, and listens to this machine only', async () => {
    const { url } = await start();
    const settings = await query(
      url,
      `SELECT name, setting FROM pg_settings WHERE name IN
         ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses')`,
    );
    expect(settings).toHaveLength(4);
    expect(settings).toContainEqual({ name: 'fsync', setting: 'on' });
    expect(settings).toContainEqual({ name: 'synchronous_commit', setting: 'on' });
    expect(settings).toContainEqual({ name: 'full_page_writes', setting: 'on' });
    expect(settings).toContainEqual({ name: 'listen_addresses', setting: '127.0.0.1' });
  });

  test('keeps its password where only the owner can read it', async () => {
    const { url } = await start();
    const file = join(dataDir, 'postgres', 'access.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(url).toContain(JSON.parse(readFileSync(file, 'utf8')).password);
    const wrong = url.replace('drawdown:', 'drawdown:not-');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('is taken over when the process that held it was killed', async () => {
    const { child, url = '' } = await hold();
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = serverPid();
    await end(child, 'SIGKILL');
    const next = await start();
    expect(serverPid()).toBe(pid);
    expect(await query(next.url, 'TABLE kept')).toEqual([{ answer: 42 }]);
  });

  test('recovers when the server was killed together with the process that held it', async () => {
    const { child, url = '' } = await hold();
    await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(serverPid(), 'SIGKILL');
    await end(child, 'SIGKILL');
    expect(await query((await start()).url, 'TABLE kept')).toEqual([{ answer: 42 }]);
  });

  test('is refused to a second process in one line that names the first', async () => {
    const { child } = await hold();
    await expect(startEmbeddedPostgres(options())).rejects.toThrow(
      `The data folder ${dataDir} is in use by process ${child.pid}: stop that first, or set DRAWDOWN_DATA_DIR to another folder.`,
    );
  });

  test('goes to one of two processes that start at once on an empty folder', async () => {
    const outcomes = await Promise.all([hold(), hold()]);
    const holder = outcomes.find(({ url }) => url !== undefined);
    const refused = outcomes.find(({ refusal }) => refusal !== undefined);
    expect(refused?.refusal).toContain(`is in use by process ${holder?.child.pid}`);
    expect(await query(holder?.url ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('removes what the making of a database has left, but not of those who are at it still', async () => {
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(dead, 'exit');
    const living = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 60_000)']);
    undo.push(() => end(living, 'SIGTERM'));
    const drafts = [dead, living].map(({ pid }) => join(dataDir, `postgres.draft-${pid}`));
    for (const draft of drafts) mkdirSync(draft);
    await start();
    expect(drafts.map((draft) => existsSync(draft))).toEqual([false, true]);
  });

  test('is shared with a command, which leaves it running', async () => {
    const { url } = await hold();
    const joined = await joinEmbeddedPostgres({ ...options(), mayCreate: false });
    expect(joined.url).toBe(url);
    await joined.stop();
    expect(await query(joined.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('is started and stopped by a command when nobody holds it', async () => {
    const joined = await joinEmbeddedPostgres({ ...options(), mayCreate: true });
    expect(await query(joined.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await joined.stop();
    await expect(query(joined.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  test('says in one line that the folder cannot be made', async () => {
    const inAFile = { ...options(), dataDir: join(HOLDER, 'data') };
    await expect(startEmbeddedPostgres(inAFile)).rejects.toThrow(
      /^The data folder .+ cannot be made: ENOTDIR[^\n]+\.$/,
    );
  });

  test('runs where everybody may pass the folder too', async () => {
    chmodSync(dataDir, 0o755);
    expect(await query((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('lets the server reach programs in a folder that only its owner may pass', () => {
    const program = join(dataDir, 'program');
    writeFileSync(program, 'echo reached\n', { mode: 0o755 });
    const launch = chooseAccount([program]).launch('/bin/sh', [
      '-c',
      'test -x "$0" && "$0"',
      program,
    ]);
    expect(execFileSync(launch.file, launch.args, { ...launch.as, encoding: 'utf8' })).toBe(
      'reached\n',
    );
  });

  function serverPid(): number {
    return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
});

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
