import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTrace } from '../../src/cli/trace.ts';
import { exact, plain } from '../../src/kit/decimal.ts';
import { KEY } from '../support/api.ts';
import {
  type ChildApi,
  type ChildApiOptions,
  type Command,
  runDrawdown,
  startChildApi,
} from '../support/child-api.ts';
import { createTestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';

// A process that takes money is killed in the middle of a trace, as often as an operator needs to see it.

/** A real trace where it lies beside the project; a clone alone makes one up. */
const REAL_TRACE = resolve('../shared/data/azure-llm-trace-conv.csv');
const REAL_TOTAL = '96.791325';
const MADE_UP_ROWS = 3_000;
const PRICES = { 'gpt-4o': { input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5 } };
const MINUTES = 60_000;

let folder: string;
let undo: (() => Promise<unknown>)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawdown-kill-'));
  await writeFile(join(folder, 'prices.json'), JSON.stringify(PRICES));
  undo = [];
});
afterEach(async () => {
  for (const step of undo.reverse()) await step();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: ChildApiOptions): Promise<ChildApi> {
  const api = await startChildApi(options);
  undo.push(api.stop);
  return api;
}

async function makeTrace(): Promise<string> {
  const rows = Array.from(
    { length: MADE_UP_ROWS },
    (_, at) => `t,${(at * 7919) % 4093},${at % 997}`,
  );
  const file = join(folder, 'trace.csv');
  await writeFile(file, ['TIMESTAMP,ContextTokens,GeneratedTokens', ...rows].join('\r\n'));
  return file;
}

/** What a trace costs, added up without any of our rating. */
function costOf(file: string) {
  const rows = readTrace(readFileSync(file, 'utf8'));
  const sum = rows.reduce((total, row) => total + row.inputTokens + 4 * row.outputTokens, 0);
  return { events: rows.length, total: plain((exact(sum) * 25n) / 10_000_000n) };
}

/** A command that must succeed; its line of JSON. */
async function drawdown(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { code, stdout, stderr } = await runDrawdown([...args, '--json'], environment).ended;
  expect(`${code} ${stderr}`).toBe('0 ');
  return JSON.parse(stdout);
}

const replayOf = (file: string) => ['replay', file, '--customer', 'trace', '--prefund', '200'];
const client = (api: ChildApi) => ({ DRAWDOWN_URL: api.url, DRAWDOWN_KEY: KEY });

/** The customer's wallet as its ledger has it: what was spent, and how often an event was booked. */
async function readWallet({ ask }: ChildApi) {
  const { data } = await ask(`{ customer(ref: { externalId: "trace" }) {
    wallets { version balance { available } entries(first: 1) { edges { node { sequence balanceAfter } } } }
  } }`);
  return data?.customer?.wallets[0] ?? null;
}

/** Waits until the trace is under way, so that the blow falls in the middle of it. */
async function untilUnderWay(api: ChildApi, replay: Command): Promise<void> {
  let entries = 0;
  while (entries < 500) {
    if (replay.child.exitCode !== null) throw new Error((await replay.ended).stderr);
    entries = (await readWallet(api))?.entries.edges[0]?.node.sequence ?? 0;
  }
}

/** The whole story on one database; how it is reached is the caller's. */
async function killInTheMiddle(
  file: string,
  options: ChildApiOptions,
  verify: NodeJS.ProcessEnv,
  whenKilled: () => void = () => undefined,
) {
  const port = await freePort();
  const first = await start({ ...options, port });
  await drawdown(['prices', 'import', join(folder, 'prices.json'), '--yes'], client(first));
  const { events, total } = costOf(file);

  const replay = runDrawdown([...replayOf(file), '--json'], client(first));
  undo.push(async () => replay.child.kill('SIGKILL'));
  await untilUnderWay(first, replay);
  await first.kill9();
  whenKilled();
  const second = await start({ ...options, port });
  const recordedByThen = (await readWallet(second)).entries.edges[0].node.sequence;
  expect(recordedByThen).toBeGreaterThanOrEqual(500);

  // The interrupted replay tries again by itself, and finishes on the process that came after.
  const { code, stdout, stderr } = await replay.ended;
  expect(`${code} ${stderr}`).toBe('0 ');
  const interrupted = JSON.parse(stdout);
  expect(interrupted).toMatchObject({ events, refused: 0, total });
  expect(interrupted.recorded + interrupted.duplicates).toBe(events);

  const wallet = await readWallet(second);
  const again = await drawdown(replayOf(file), client(second));
  expect(again).toMatchObject({ events, recorded: 0, duplicates: events, refused: 0, total });
  expect(await readWallet(second)).toEqual(wallet);
  expect(wallet.balance.available).toBe(plain(exact('200') - exact(total)));
  expect(wallet.entries.edges[0].node.balanceAfter).toBe(wallet.balance.available);
  const verdict = await drawdown(['verify'], verify);
  expect(verdict.laws.filter((law: { ok: boolean }) => !law.ok)).toEqual([]);
  expect(verdict.ok).toBe(true);
  return { total, second };
}

test('a killed API has lost nothing and charges nothing twice', {
  timeout: 4 * MINUTES,
}, async () => {
  const database = await createTestDatabase();
  undo.push(database.drop);
  const isReal = existsSync(REAL_TRACE);
  const file = isReal ? REAL_TRACE : await makeTrace();
  const reach = { DATABASE_URL: database.url };
  const { total } = await killInTheMiddle(file, { databaseUrl: database.url }, reach);
  if (isReal) expect(total).toBe(REAL_TOTAL);
});

test('with the embedded PostgreSQL too, whose server it leaves behind', {
  timeout: 4 * MINUTES,
}, async () => {
  const dataDir = join(folder, 'data');
  const reach = { DATABASE_URL: '', DRAWDOWN_DATA_DIR: dataDir };
  let orphan = 0;
  undo.push(async () => isAlive(orphan) && process.kill(orphan, 'SIGQUIT'));
  const { second } = await killInTheMiddle(await makeTrace(), { dataDir }, reach, () => {
    orphan = postmasterOf(dataDir);
    expect(isAlive(orphan)).toBe(true);
  });
  // The second process took over the server that the first one left behind, and takes it along.
  expect(postmasterOf(dataDir)).toBe(orphan);
  expect(await second.stop()).toBe(0);
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
});

function postmasterOf(dataDir: string): number {
  const [pid] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  return Number(pid);
}

/** A process of its own; 0 and below would be whole groups of them, ours among them. */
function isAlive(pid: number): boolean {
  try {
    return pid > 1 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
