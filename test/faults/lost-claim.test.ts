import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbeddedPostgres } from '../../src/infra/embedded-postgres.ts';
import { createLog } from '../../src/infra/log.ts';
import { startChildApi } from '../support/child-api.ts';

// The claim on a data folder hangs on one connection, and connections break.

const HOLDER = new URL('../support/hold-postgres.ts', import.meta.url).pathname;

let dataDir: string;
let undo: (() => Promise<unknown>)[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'drawdown-claim-'));
  undo = [];
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start() {
  const log = createLog({ level: 'silent' });
  const postgres = await startEmbeddedPostgres({ dataDir, log });
  undo.push(postgres.stop);
  return postgres;
}

/** The database that the claim is made in, as somebody else who may do everything. */
async function connect(name: string): Promise<pg.Client> {
  const access = readFileSync(join(dataDir, 'postgres', 'access.json'), 'utf8');
  const { port, password } = JSON.parse(access);
  const connectionString = `postgres://drawdown:${password}@127.0.0.1:${port}/postgres`;
  const client = new pg.Client({ connectionString, application_name: name });
  client.on('error', () => undefined);
  await client.connect();
  undo.push(() => client.end());
  return client;
}

/** Locks of this database: a server of ours has some of its own, in another one. */
const LOCKS = `SELECT pid, objid FROM pg_locks WHERE locktype = 'advisory'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
const CLAIMED = `${LOCKS} AND granted`;

/** Ends the connection that holds the claim; which it was. */
async function breakClaim(admin: pg.Client): Promise<number> {
  const [{ pid }] = (await admin.query(CLAIMED)).rows;
  await admin.query('SELECT pg_terminate_backend($1)', [pid]);
  return pid;
}

/** Waits in line for the claim, so that it is granted in the moment in which it is free. */
async function queueForClaim(thief: pg.Client, admin: pg.Client): Promise<() => Promise<unknown>> {
  const [{ objid }] = (await admin.query(CLAIMED)).rows;
  const taken = thief.query('SELECT pg_advisory_lock($1)', [objid]);
  while ((await admin.query(`${LOCKS} AND NOT granted`)).rowCount === 0);
  return () => taken;
}

async function hold(): Promise<{ child: ChildProcess; refusal?: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    await gone;
    return { child, ...JSON.parse(line) };
  }
  throw new Error('The process that should be refused ended without a word.');
}

test('a claim whose connection breaks is taken back, and the folder stays refused to others', async () => {
  const postgres = await start();
  const admin = await connect('admin');
  const broken = await breakClaim(admin);
  const holders = async () => (await admin.query(CLAIMED)).rows.map(({ pid }) => pid);
  for (let now = await holders(); now.length === 0 || now.includes(broken); now = await holders());
  const { refusal } = await hold();
  expect(refusal).toContain(`is in use by process ${process.pid}`);
  await postgres.stop();
  await expect(connect('late')).rejects.toThrow('ECONNREFUSED');
});

test('a claim that somebody else took meanwhile is theirs: the server is left to them', async () => {
  const postgres = await start();
  const admin = await connect('admin');
  const thief = await connect('process 4711');
  const taken = await queueForClaim(thief, admin);
  await breakClaim(admin);
  await taken();
  expect((await postgres.lost).message).toBe(
    `The data folder ${dataDir} was taken over by process 4711 while PostgreSQL had dropped our connection: this process ends.`,
  );
  await postgres.stop();
  expect((await admin.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await leaveToNext(thief);
});

test('a server whose folder was taken over ends by itself, in one line and with code 1', async () => {
  const api = await startChildApi({ dataDir });
  undo.push(api.stop);
  const admin = await connect('admin');
  const thief = await connect('process 4711');
  const taken = await queueForClaim(thief, admin);
  await breakClaim(admin);
  await taken();
  const { code, stderr } = await api.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^drawdown: The data folder .+ was taken over by process 4711 .+\n$/);
  await leaveToNext(thief);
});

/** The server outlives whoever lost it; the next one to start takes it over, and stops it. */
async function leaveToNext(thief: pg.Client): Promise<void> {
  await thief.end();
  const next = await start();
  await next.stop();
  await expect(connect('late')).rejects.toThrow('ECONNREFUSED');
}
