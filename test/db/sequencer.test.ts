import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { createMetrics } from '../../src/infra/metrics.ts';
import { createManualClock } from '../../src/kit/clock.ts';
import { newId } from '../../src/kit/ids.ts';
import type { BalanceUpdate } from '../../src/live/balance-update.ts';
import type { Fact } from '../../src/live/event.ts';
import { readEvents } from '../../src/live/event-log.ts';
import { createLocalBus } from '../../src/live/local-bus.ts';
import { writeOutbox } from '../../src/live/outbox.ts';
import { type Alongside, createSequencer, type Sequencer } from '../../src/live/sequencer.ts';
import { silentLog } from '../live/harness.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { writersGone } from '../support/writers-gone.ts';

const NOW = new Date('2026-03-01T00:00:00.000Z');
const clock = createManualClock(NOW);

let database: TestDatabase;
let db: Db;
let published: BalanceUpdate[];
let sequencer: Sequencer;

beforeEach(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url, poolSize: 4, onIdleError: () => undefined });
  published = [];
  sequencer = startSequencer();
  clock.set(NOW);
});
afterEach(async () => {
  await sequencer.close();
  await db.close();
  await database.drop();
});

function startSequencer(alongside: Alongside = async () => null): Sequencer {
  return createSequencer({
    db,
    bus: createLocalBus({ log: silentLog }),
    log: silentLog,
    metrics: createMetrics(),
    publishBalances: (updates) => published.push(...updates),
    alongside,
  });
}

const opened = (walletId: string): Fact => ({ type: 'wallet.opened', walletId });

async function tell(organizationId: string, customerId: string | null, ...facts: Fact[]) {
  const told = facts.map((fact) => ({ organizationId, customerId, fact }));
  await db.hotTransaction((tx) => writeOutbox(tx, told, clock.now()));
}

async function logOf(organizationId: string, customerId: string | null = null) {
  const events = await readEvents(db.direct, { organizationId, customerId }, 0, 1_000);
  return events.map(({ position, sequence, fact }) => [
    position,
    sequence,
    fact.type === 'wallet.opened' ? fact.walletId : fact.type,
  ]);
}

test('numbers by organization and by customer, without gaps, across passes', async () => {
  const [org, other] = [newId('organization'), newId('organization')];
  const [ada, ben] = [newId('customer'), newId('customer')];
  await tell(org, ada, opened('a1'), opened('a2'));
  await tell(other, newId('customer'), opened('x'));
  await tell(org, ben, opened('b1'));
  await sequencer.pass();
  await tell(org, ada, opened('a3'));
  await tell(org, null, opened('none'));
  await tell(org, ben, opened('b2'), opened('b3'));
  await sequencer.pass();
  expect(await logOf(org)).toEqual([
    [1, 1, 'a1'],
    [2, 2, 'a2'],
    [3, 1, 'b1'],
    [4, 3, 'a3'],
    [5, null, 'none'],
    [6, 2, 'b2'],
    [7, 3, 'b3'],
  ]);
  expect(await logOf(org, ben)).toEqual([
    [3, 1, 'b1'],
    [6, 2, 'b2'],
    [7, 3, 'b3'],
  ]);
  expect(await logOf(other)).toEqual([[1, 1, 'x']]);
});

test('gives a late committer a later place, and waits for nobody', async () => {
  const org = newId('organization');
  const [slow, quick] = [newId('customer'), newId('customer')];
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const late = db.hotTransaction(async (tx) => {
    await writeOutbox(
      tx,
      [{ organizationId: org, customerId: slow, fact: opened('slow') }],
      clock.now(),
    );
    begin();
    await finished;
  });
  await begun;
  await tell(org, quick, opened('quick'));
  await sequencer.pass();
  expect(await logOf(org)).toEqual([[1, 1, 'quick']]);
  finish();
  await late;
  await sequencer.pass();
  expect(await logOf(org)).toEqual([
    [1, 1, 'quick'],
    [2, 1, 'slow'],
  ]);
});

test('leaves no number to what was rolled back', async () => {
  const org = newId('organization');
  const ada = newId('customer');
  const failing = db.hotTransaction(async (tx) => {
    const told = [{ organizationId: org, customerId: ada, fact: opened('never') }];
    await writeOutbox(tx, told, clock.now());
    throw new Error('Not after all.');
  });
  await expect(failing).rejects.toThrow('Not after all.');
  await tell(org, ada, opened('first'));
  await sequencer.pass();
  expect(await logOf(org)).toEqual([[1, 1, 'first']]);
});

test('numbers once, however many do it at a time', async () => {
  const org = newId('organization');
  const customers = Array.from({ length: 5 }, () => newId('customer'));
  const others = Array.from({ length: 3 }, () => startSequencer());
  const told: Promise<void>[] = [];
  for (let round = 0; round < 200; round += 1) {
    told.push(tell(org, customers[round % 5] as string, opened(`${round}`)));
    for (const each of others) each.wake();
  }
  await Promise.all(told);
  await Promise.all(others.map((each) => each.close()));
  while (await sequencer.pass());
  await sequencer.pass();
  const log = await logOf(org);
  expect(log.map(([position]) => position)).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
  for (const customer of customers) {
    const own = await logOf(org, customer);
    expect(own.map(([, sequence]) => sequence)).toEqual(
      Array.from({ length: 40 }, (_, at) => at + 1),
    );
  }
});

test('does what comes with the numbering in the same transaction, or neither', async () => {
  const org = newId('organization');
  await tell(org, newId('customer'), opened('a'));
  const failing = startSequencer(async () => {
    throw new Error('The jobs could not be added.');
  });
  await expect(failing.pass()).rejects.toThrow('The jobs could not be added.');
  expect(await logOf(org)).toEqual([]);
  await sequencer.pass();
  expect(await logOf(org)).toEqual([[1, 1, 'a']]);
});

const balance = { settled: '1', held: '0', available: '1', pending: '0' };
const changed = (version: number): Fact => ({
  type: 'balance.changed',
  walletId: 'w',
  version,
  balance,
  cause: 'USAGE',
});

test('tells again of the last balances of a writer that is gone, and of no others', async () => {
  const [left, kept, ada] = [newId('organization'), newId('organization'), newId('customer')];
  const dying = createDb({ url: database.url, poolSize: 1, onIdleError: () => undefined });
  for (const version of [1, 2]) {
    const told = [{ organizationId: left, customerId: ada, fact: changed(version) }];
    await dying.hotTransaction((tx) => writeOutbox(tx, told, NOW));
  }
  await tell(kept, newId('customer'), changed(7));
  await dying.close();
  await writersGone(database.url, left);
  await sequencer.pass();
  // Both were looked at at once.
  while (published.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(published).toEqual([
    {
      walletId: 'w',
      customerId: ada,
      organizationId: left,
      version: 2,
      balance,
      cause: 'USAGE',
      at: NOW.toISOString(),
    },
  ]);
});

test('does what is left behind the commit, and only then', async () => {
  const org = newId('organization');
  const seen: unknown[] = [];
  const patient = startSequencer(async () => async () => seen.push(await logOf(org)));
  await tell(org, newId('customer'), opened('a'));
  await patient.pass();
  while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([[[1, 1, 'a']]]);
});

test('does not go on for ever when it is closed while somebody else is at it', async () => {
  const org = newId('organization');
  await tell(org, newId('customer'), opened('a'));
  let finish = (): void => undefined;
  const finished = new Promise<null>((resolve) => {
    finish = () => resolve(null);
  });
  const holding = startSequencer(() => finished).pass();
  const other = startSequencer();
  other.wake();
  await other.close();
  finish();
  await holding;
  expect(await logOf(org)).toEqual([[1, 1, 'a']]);
});
