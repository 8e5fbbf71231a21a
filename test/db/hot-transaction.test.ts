import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb, type Db } from '../../src/infra/db.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const FAILING = { name: 'failing', text: 'SELECT 1 / 0' };
const ONE = { name: 'one', text: 'SELECT 1 AS one' };

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  db = createDb({ url: database.url, poolSize: 1, onIdleError: () => undefined });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

test('a transaction fails by the statement that failed, whichever was waited for', async () => {
  const failing = db.hotTransaction((tx) => {
    void tx.query(FAILING, []);
    return tx.query(ONE, []);
  });
  await expect(failing).rejects.toMatchObject({ code: '22012' });
  expect(await db.hotTransaction((tx) => tx.query(ONE, []))).toEqual([{ one: 1 }]);
});
