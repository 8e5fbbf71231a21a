import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { createReleaseDeadJobs } from '../../src/infra/job-liveness.ts';
import { type JobRunner, startJobs } from '../../src/infra/jobs.ts';
import { silentLog, until } from '../live/harness.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

// What a process was at when it died is done by another one, and what a living one is at is left to it.

let database: TestDatabase;
let admin: pg.Client;
let db: Db;
let runner: JobRunner;
/** Jobs that were begun here, by name. */
let begun: string[];
let finish: () => void;

beforeEach(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  db = createDb({ url: database.url, poolSize: 1, onIdleError: () => undefined });
  begun = [];
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const work = async (payload: unknown) => {
    begun.push((payload as { name: string }).name);
    await finished;
  };
  runner = await startJobs({ url: database.url, log: silentLog, tasks: { test_job: work } });
});
afterEach(async () => {
  finish();
  await runner.stop();
  await db.close();
  await admin.end();
  await database.drop();
});

const add = (name: string) =>
  admin.query(
    `SELECT graphile_worker.add_job('test_job', json_build_object('name', $1::text), queue_name => $1)`,
    [name],
  );

/** As if so many seconds had passed since anybody said that he runs the jobs. */
async function fallSilent(seconds: number, set = ''): Promise<void> {
  const earlier = `SET locked_at = now() - $1 * interval '1 second' ${set}`;
  await admin.query(`UPDATE graphile_worker._private_jobs ${earlier}`, [seconds]);
  await admin.query(`UPDATE graphile_worker._private_job_queues ${earlier}`, [seconds]);
}

async function silentFor(): Promise<number> {
  const text =
    'SELECT extract(epoch FROM now() - max(locked_at))::float8 AS s FROM graphile_worker.jobs';
  return (await admin.query(text)).rows[0].s;
}

async function queues() {
  const text = 'SELECT queue_name, locked_by FROM graphile_worker._private_job_queues';
  return (await admin.query(text)).rows;
}

test('a job of a process that died is done by another one, at the second look', async () => {
  // In one transaction, so that nobody here takes it before.
  await admin.query('BEGIN');
  await add('orphan');
  await fallSilent(25, `, locked_by = 'pool-that-died'`);
  await admin.query('COMMIT');
  const releaseDeadJobs = createReleaseDeadJobs(db.direct);
  await releaseDeadJobs();
  expect(await silentFor()).toBeGreaterThan(20);
  await releaseDeadJobs();
  await until(() => begun.includes('orphan'));
});

test('a job that takes long is left to whoever runs it, also behind a standstill of the database', async () => {
  await add('long');
  await until(() => begun.length === 1);
  const releaseDeadJobs = createReleaseDeadJobs(db.direct);
  await fallSilent(3_600);
  await releaseDeadJobs();
  while ((await silentFor()) > 10);
  await releaseDeadJobs();
  const { rows } = await admin.query('SELECT locked_by, attempts FROM graphile_worker.jobs');
  expect(rows).toEqual([{ locked_by: expect.stringMatching(/^pool-/), attempts: 1 }]);
  expect(await queues()).toEqual([{ queue_name: 'long', locked_by: rows[0].locked_by }]);
  expect(begun).toEqual(['long']);
});

test('a queue whose job was put away by one who stood still goes on', async () => {
  await add('shared');
  await until(() => begun.length === 1);
  // He had it before the one here, and puts it away as the library does: by its id, whoever has it by now.
  await admin.query('DELETE FROM graphile_worker._private_jobs');
  finish();
  const releaseDeadJobs = createReleaseDeadJobs(db.direct);
  // The one here may still be at it.
  await releaseDeadJobs();
  const locked = { queue_name: 'shared', locked_by: expect.stringMatching(/^pool-/) };
  expect(await queues()).toEqual([locked]);
  expect(begun).toEqual(['shared']);
  await fallSilent(25);
  await add('shared');
  await releaseDeadJobs();
  await until(() => begun.length === 2);
});
