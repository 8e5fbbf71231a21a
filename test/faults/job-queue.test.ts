import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type JobRunner, startJobs } from '../../src/infra/jobs.ts';
import { createLog } from '../../src/infra/log.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Gate, openGate } from '../support/gate.ts';

// The job queue goes on when the database was away, also at the moment in which a job is put away.

let database: TestDatabase;
let gate: Gate;
let runner: JobRunner;
/** Resolves when the queue says that it has stopped and is started again. */
let restarted: Promise<void>;
/** What the jobs do, by their payload. */
let work: (payload: unknown) => Promise<void>;

beforeEach(async () => {
  database = await createTestDatabase();
  gate = await openGate(database.url);
  let hear = (_line: string): void => undefined;
  restarted = new Promise((resolve) => {
    hear = (line) => {
      if (line.includes('is started again')) resolve();
    };
  });
  const destination = { write: (line: string) => hear(line) };
  runner = await startJobs({
    url: gate.url,
    log: createLog({ level: 'warn', destination }),
    tasks: { test_job: (payload) => work(payload) },
  });
});
afterEach(async () => {
  await runner.stop();
  await gate.shut();
  await database.drop();
});

async function sql(text: string) {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('a job that cannot be put away stops nothing', async () => {
  const done: unknown[] = [];
  const both = new Promise<void>((resolve) => {
    work = async (payload) => {
      done.push((payload as { name: string }).name);
      if (done.length === 1) await gate.shut();
      else resolve();
    };
  });
  await sql(`SELECT graphile_worker.add_job('test_job', '{"name":"first"}')`);
  await restarted;
  await sql(`SELECT graphile_worker.add_job('test_job', '{"name":"second"}')`);
  await gate.open();
  await both;
  expect(done).toEqual(['first', 'second']);
});

test('a queue that is stopped while it is being started again does stop', async () => {
  work = () => gate.shut();
  await sql(`SELECT graphile_worker.add_job('test_job')`);
  await restarted;
  // Whoever starts the queue looks at its migrations first, and is kept from it.
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('BEGIN; LOCK TABLE graphile_worker.migrations IN ACCESS EXCLUSIVE MODE');
  await gate.open();
  const starting = `SELECT 1 FROM pg_stat_activity
    WHERE application_name = 'drawdown jobs' AND wait_event_type = 'Lock'`;
  while ((await sql(starting)).length === 0);
  const stopped = runner.stop();
  runner = { stop: () => stopped };
  await holder.query('COMMIT');
  await holder.end();
  await stopped;
});
