import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createAdvance } from '../../src/clocks/advance.ts';
import { nowOf, readNow } from '../../src/clocks/now-of.ts';
import type { TimedWork } from '../../src/clocks/timed-work.ts';
import { createDb, type Db } from '../../src/infra/db.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { fromTypeId } from '../../src/kit/ids.ts';
import { withAdmin } from '../support/admin.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { until } from '../support/until.ts';
import { type ClockWords, clockWords, day } from './clock-fixture.ts';

// The steps of an advance, with work that only notes when it was done; and who takes them.

let api: TestApi;
let db: Db;
let words: ClockWords;
let clock: string;
/** `name instant`, in the order in which it was done. */
let done: string[];

beforeAll(async () => {
  api = await startApi();
  db = createDb({ url: api.databaseUrl, poolSize: 2, onIdleError: () => undefined });
  words = clockWords(api.ask);
  await words.openShop();
});
beforeEach(async () => {
  clock = await words.clock();
  done = [];
});
afterAll(async () => {
  await db.close();
  await api.stop();
});

const idOf = (typeId: string) => fromTypeId('testClock', typeId) ?? '';

/** Work that is due on some days; doing it may make other work due. */
function workOn(name: string, days: number[], also: () => void = () => undefined): TimedWork {
  const due = days.map(day);
  return {
    name,
    nextDue: async () => (due[0] === undefined ? null : new Date(due[0])),
    async run(testClockId) {
      const now = await readNow(db.direct, systemClock, testClockId);
      if (due[0] === undefined || due[0] > now.toISOString()) return false;
      due.shift();
      done.push(`${name} ${now.toISOString()}`);
      also();
      return due[0] !== undefined && due[0] <= now.toISOString();
    },
  };
}

async function advance(to: string, timedWork: readonly TimedWork[], stopsAfter = 1_000) {
  await words.send(clock, to);
  const run = createAdvance({ db, clock: systemClock, wake: () => undefined, timedWork });
  let asked = 0;
  const isStopping = () => {
    asked += 1;
    return asked > stopsAfter;
  };
  await run(idOf(clock), { isStopping, aborted: new AbortController().signal });
}

test('what is due is done by instant, then in the order of the list', async () => {
  await advance(day(10), [
    workOn('first', [1, 3, 3, 12]),
    workOn('second', [1, 2, 3]),
    workOn('third', [0.5, 3]),
  ]);
  expect(done).toEqual([
    `third ${day(0.5)}`,
    `first ${day(1)}`,
    `second ${day(1)}`,
    `second ${day(2)}`,
    `first ${day(3)}`,
    `first ${day(3)}`,
    `second ${day(3)}`,
    `third ${day(3)}`,
  ]);
  expect(await words.read(clock)).toMatchObject({ status: 'READY', now: day(10) });
});

test('what was due before, and what comes of work at the same instant, is done before time goes on', async () => {
  const late: number[] = [];
  const first: TimedWork = {
    name: 'first',
    nextDue: async () => (late[0] === undefined ? null : new Date(day(late[0]))),
    run: async () => {
      done.push(`first ${(await readNow(db.direct, systemClock, idOf(clock))).toISOString()}`);
      late.shift();
      return false;
    },
  };
  await advance(day(5), [first, workOn('second', [-3, 2, 4], () => late.push(-3))]);
  expect(done).toEqual([0, 2, 4].flatMap((at) => [`second ${day(at)}`, `first ${day(at)}`]));
});

test('what is due at the target is done, and what comes after it is left', async () => {
  await advance(day(5), [workOn('due', [5, 5.001])]);
  expect(done).toEqual([`due ${day(5)}`]);
});

test('to where it stands, it does what is due there', async () => {
  await advance(day(0), [workOn('due', [0])]);
  expect(done).toEqual([`due ${day(0)}`]);
  expect(await words.read(clock)).toMatchObject({ status: 'READY', now: day(0) });
});

test('work that stays due however often it is done ends in an error, and the clock stays where it is', async () => {
  const stuck: TimedWork = {
    name: 'stuck',
    nextDue: async () => new Date(day(2)),
    run: async () => false,
  };
  await expect(advance(day(5), [stuck])).rejects.toThrow('Something stays due');
  expect(await words.read(clock)).toMatchObject({ status: 'ADVANCING', now: day(2) });
});

async function jobsOf(clockId: string): Promise<number> {
  const text = 'SELECT count(*)::int AS count FROM graphile_worker.jobs WHERE queue_name = $1';
  const { rows } = await withAdmin(api.databaseUrl, (admin) =>
    admin.query(text, [`clock:${idOf(clockId)}`]),
  );
  return rows[0].count;
}

test('a worker that stops leaves the rest to another one', async () => {
  const work = workOn('due', [1, 2, 3, 4]);
  await advance(day(5), [work], 2);
  expect(done).toEqual([`due ${day(1)}`, `due ${day(2)}`]);
  expect(await words.read(clock)).toMatchObject({ status: 'ADVANCING', now: day(2) });
  // The one that the advance had, and the one that goes on.
  expect(await jobsOf(clock)).toBe(2);
});

test('a clock whose job is lost is taken up again, once', async () => {
  await words.send(clock, day(5));
  await withAdmin(api.databaseUrl, (admin) =>
    admin.query('DELETE FROM graphile_worker._private_jobs'),
  );
  expect(await jobsOf(clock)).toBe(0);
  for (let look = 0; look < 2; look += 1) await api.services.clocks.sweep();
  expect(await jobsOf(clock)).toBe(1);
});

test('whoever holds a time keeps the clock where it is until he has committed', async () => {
  let sent: Promise<unknown> = Promise.resolve();
  await db.backgroundTransaction(async (tx) => {
    expect(await nowOf(tx, systemClock, idOf(clock))).toEqual(new Date(day(0)));
    sent = words.send(clock, day(5));
    await until('somebody waits for it', async () => (await waiting()) > 0);
    expect(await words.read(clock)).toMatchObject({ status: 'READY', target: null });
  });
  expect(await sent).toMatchObject({ testClock: { status: 'ADVANCING' } });
});

async function waiting(): Promise<number> {
  const text = `SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  const { rows } = await withAdmin(api.databaseUrl, (admin) => admin.query(text));
  return rows[0].count;
}
