import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clockWords, day } from '../clocks/clock-fixture.ts';
import { type ChildApi, runDrawdown, startChildApi } from '../support/child-api.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { passDeadJobs } from '../support/pass-dead-jobs.ts';
import { until } from '../support/until.ts';

// A worker is killed while it takes a test clock through a year.

vi.setConfig({ testTimeout: 120_000 });

let database: TestDatabase;
let api: ChildApi;

beforeEach(async () => {
  database = await createTestDatabase();
  api = await startChildApi({ databaseUrl: database.url });
});
afterEach(async () => {
  await api.stop();
  await database.drop();
});

const CUSTOMERS = ['a', 'b', 'c', 'd'];
const GRANTS = 60;

test('another one goes on where it was, and the year ends as if nothing had happened', async () => {
  const before = clockWords(api.ask);
  await before.openShop();
  const clock = await before.clock();
  for (const name of CUSTOMERS) {
    await before.customer(name, clock);
    await before.grantAllYear(name, GRANTS);
  }
  await before.send(clock, day(365));
  await until('the clock is well on its way', async () => {
    return (await before.read(clock)).now > day(60);
  });
  await api.kill9();
  await passDeadJobs(database.url);
  api = await startChildApi({ databaseUrl: database.url });
  const after = clockWords(api.ask);
  const left = await after.read(clock);
  expect(left).toMatchObject({ status: 'ADVANCING', target: day(365) });
  expect(left.now < day(365)).toBe(true);
  await after.arrived(clock);
  expect((await after.read(clock)).now).toBe(day(365));
  for (const name of CUSTOMERS) {
    expect(await after.ledger(name)).toEqual(after.ledgerOfAllYear(GRANTS).slice(-100));
  }
  const verify = runDrawdown(['verify', '--json'], { DATABASE_URL: database.url });
  expect(JSON.parse((await verify.ended).stdout).ok).toBe(true);
});
