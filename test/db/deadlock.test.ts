import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db, type Statement } from '../../src/infra/db.ts';
import { isInTheWay } from '../../src/infra/outage.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url, poolSize: 4, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const LOCK: Statement = { name: 'test.lock', text: 'SELECT pg_advisory_xact_lock($1::int)::text' };

/** A promise, and what resolves it. */
function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test('who has lost a deadlock is run again, and both are done', async () => {
  let begun = 0;
  const held = deferred();
  let attempts = 0;
  const cross = (first: number, second: number) =>
    db.transaction(async (tx) => {
      attempts += 1;
      await tx.query(LOCK, [first]);
      begun += 1;
      if (begun === 2) held.resolve();
      await held.promise;
      await tx.query(LOCK, [second]);
      return first;
    });
  expect(await Promise.all([cross(1, 2), cross(2, 1)])).toEqual([1, 2]);
  expect(attempts).toBe(3);
});

test('who waits too long for a lock is told apart from a fault', async () => {
  const free = deferred();
  const locked = deferred();
  const holder = db.transaction(async (tx) => {
    await tx.query(LOCK, [3]);
    locked.resolve();
    await free.promise;
  });
  await locked.promise;
  const late = db.transaction(async (tx) => {
    await tx.query(
      { name: 'test.patience', text: "SELECT set_config('lock_timeout', '50ms', true)" },
      [],
    );
    await tx.query(LOCK, [3]);
  });
  const error = await late.catch((it: unknown) => it);
  free.resolve();
  await holder;
  expect(isInTheWay(error)).toBe(true);
  expect(isInTheWay(new Error('anything else'))).toBe(false);
});
