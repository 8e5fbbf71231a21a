import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { withAdmin } from '../support/admin.ts';
import { setUpCalls } from '../support/api.ts';
import { type ChildApi, runDrawdown, startChildApi } from '../support/child-api.ts';
import { holdWallets } from '../support/held-wallets.ts';
import { insist } from '../support/insist.ts';

// A database that answers nothing for a while, as on a disk that hangs; and a process that is put to sleep.

/** Longer than Prisma's limit for a transaction (15 s), and than ours for a lock. */
const STALL_MS = 16_500;

const OURS = `SELECT pid FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'drawdown'`;
const WAITING = `${OURS} AND wait_event_type = 'Lock'`;
/** Begun, and waiting for us to say what comes next. */
const IDLE_INSIDE = `${OURS} AND state = 'idle in transaction'`;

/** An API on an embedded database: that one's server runs on this machine, so that it can be stopped. */
async function open(whenFinished: (step: () => Promise<void>) => void) {
  const dataDir = await mkdtemp(join(tmpdir(), 'drawdown-stall-'));
  whenFinished(async () => rmSync(dataDir, { recursive: true, force: true }));
  const api = await startChildApi({ dataDir });
  whenFinished(async () => {
    await api.stop();
  });
  await setUpCalls(api.ask, 'acme', '100');
  const access = readFileSync(join(dataDir, 'postgres', 'access.json'), 'utf8');
  const { port, password } = JSON.parse(access);
  return { api, dataDir, url: `postgres://drawdown:${password}@127.0.0.1:${port}/drawdown` };
}

/** Stops the processes for as long as it takes, and lets them go on. */
async function stall(pids: readonly number[], meanwhile: () => Promise<unknown>): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  try {
    await meanwhile();
    await pause(STALL_MS);
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

/** It serves as before, the books are exact, and it ends as it should. */
async function expectSound(api: ChildApi, dataDir: string, settled: string): Promise<void> {
  await Promise.all([insist.record(api, 'afterwards'), insist.grant(api, '2', 'afterwards')]);
  const { data } = await api.ask(
    '{ customer(ref: { externalId: "acme" }) { wallets { balance { settled } } } }',
  );
  expect(data.customer.wallets).toEqual([{ balance: { settled } }]);
  const reach = { DATABASE_URL: '', DRAWDOWN_DATA_DIR: dataDir };
  expect(await runDrawdown(['verify'], reach).ended).toMatchObject({ code: 0, stderr: '' });
  expect(await api.stop()).toBe(0);
}

describe.concurrent('a process serves afterwards', { timeout: 90_000 }, () => {
  test('whose database stalls in the middle of a grant and of usage', async ({
    onTestFinished,
  }) => {
    const { api, dataDir, url } = await open(onTestFinished);
    // Both are under way when nothing moves any more: they wait for the wallet.
    const held = await holdWallets(url);
    const calls = Promise.all([insist.record(api, 'stalled'), insist.grant(api, '5', 'stalled')]);
    const pids = await withAdmin(url, async (admin) => {
      while ((await admin.query(WAITING)).rowCount !== 2);
      return (await admin.query(OURS)).rows.map(({ pid }) => pid);
    });
    await stall(pids, held.release);
    await Promise.race([calls, api.ended]);
    await expectSound(api, dataDir, '105');
  });

  test('that was stopped itself until PostgreSQL had given its transactions up', async ({
    onTestFinished,
  }) => {
    const { api, dataDir, url } = await open(onTestFinished);
    const names = Array.from({ length: 20 }, (_, at) => `stopped-${at}`);
    const calls = Promise.all(
      names.flatMap((name) => [insist.record(api, name), insist.grant(api, '1', name)]),
    );
    await withAdmin(url, async (admin) => {
      while (((await admin.query(IDLE_INSIDE)).rowCount ?? 0) < 2);
      // What PostgreSQL does after a minute in which a transaction says nothing.
      await stall([api.pid], () =>
        admin.query(`SELECT pg_terminate_backend(pid) FROM (${OURS}) ours`),
      );
    });
    await Promise.race([calls, api.ended]);
    await expectSound(api, dataDir, '101');
  });
});
