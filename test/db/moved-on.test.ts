import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.ts';
import { ONE, ZERO } from '../../src/kit/decimal.ts';
import { type Id, toTypeId } from '../../src/kit/ids.ts';
import { isRefusal } from '../../src/kit/refusal.ts';
import { TAKE_MEANS } from '../../src/laws/sql/take-means.ts';
import { isFirst, openTwoProcesses, type TwoProcesses, usage } from '../laws/two-processes.ts';

// A wallet that is decided on from memory may change between the decision and the write.

let world: TwoProcesses;
let other: pg.Client;

beforeAll(async () => {
  world = await openTwoProcesses();
  other = new pg.Client({ connectionString: world.laboratory.url });
  await other.connect();
});
afterAll(async () => {
  await other?.end();
  await world?.laboratory.close();
});

const viewer = (): Viewer => world.viewer;

async function openRemembered(name: string) {
  const opened = await world.openFunded(name, '10');
  const charge = (eventId: string, amount: number) =>
    world.processOf(0).usage.record(viewer(), usage(name, eventId, amount));
  expect(isFirst(await charge('first', 1))).toBe(true);
  return { ...opened, charge };
}

/** Resolves once a statement of the process waits for a lock of ours. */
async function untilAwaited(): Promise<void> {
  const awaited = `SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  do await other.query('SELECT pg_stat_clear_snapshot()');
  while ((await other.query(awaited)).rowCount === 0);
}

test('a charge that finds its wallet changed is decided again', async () => {
  const { walletId, charge } = await openRemembered('changed');
  await other.query('BEGIN');
  // What a grant or another process's charge does to the row, and nothing that the laws would miss.
  await other.query('UPDATE wallets SET version = version + 1 WHERE id = $1', [walletId]);
  const charged = charge('second', 2);
  await untilAwaited();
  await other.query('COMMIT');
  expect(await charged).toMatchObject({ duplicate: false });
  expect(await world.storedWallet(walletId)).toEqual({ balance: '7', debt: '0', version: 4 });
  await world.expectLaws();
});

test('an operation on a hold that would change nothing is not answered by what is remembered', async () => {
  await openRemembered('held');
  const [ours, theirs] = [world.processOf(0).usage.holds, world.processOf(1).usage.holds];
  const placed = await ours.place(viewer(), {
    customer: { externalId: 'held' },
    asset: 'CREDIT',
    amount: '1',
    ttlSeconds: 3_600,
  });
  if (isRefusal(placed)) throw new Error(JSON.stringify(placed));
  const hold = toTypeId('hold', placed.holdId);
  expect(isRefusal(await theirs.release(viewer(), { hold }))).toBe(false);
  // It lasts longer already, as far as this process knows.
  expect(await ours.extend(viewer(), { hold, ttlSeconds: 60 })).toMatchObject({
    refusal: 'HoldClosed',
    status: 'RELEASED',
  });
});

test('a wallet whose row is gone has moved on, and nothing is written', async () => {
  const { walletId, customerId, charge } = await openRemembered('gone');
  // As after a failover that lost the commit that opened it.
  await other.query('SET session_replication_role = replica');
  for (const table of ['wallets', 'credit_grants', 'ledger_entries', 'charges', 'usage_events']) {
    await other.query(`DELETE FROM ${table} WHERE customer_id = $1`, [customerId]);
  }
  await other.query('RESET session_replication_role');
  expect(await charge('second', 1)).toMatchObject({
    refusal: 'InsufficientFunds',
    walletId: null,
    available: ZERO,
    required: ONE,
  });
  const counted = await other.query('SELECT 1 FROM usage_events WHERE customer_id = $1', [
    customerId as Id<'customer'>,
  ]);
  expect(counted.rowCount).toBe(0);
  expect(walletId).not.toBeNull();
  await world.expectLaws();
});

test('hot statements look rows up by key; the laws are planned for whole tables', async () => {
  const ASK = {
    name: 'test.ask',
    text: `SELECT current_setting('enable_hashjoin') AS hash, current_setting('enable_seqscan') AS seq,
      current_setting('enable_mergejoin') AS merge`,
  };
  const { db } = world.laboratory;
  const hot = await db.hotTransaction((tx) => tx.query(ASK, []));
  expect(hot).toEqual([{ hash: 'off', seq: 'off', merge: 'off' }]);
  const laws = await db.hotTransaction(async (tx) => {
    await tx.query(TAKE_MEANS, []);
    return tx.query(ASK, []);
  });
  expect(laws).toEqual([{ hash: 'on', seq: 'on', merge: 'on' }]);
  expect(await db.hotTransaction((tx) => tx.query(ASK, []))).toEqual(hot);
});
