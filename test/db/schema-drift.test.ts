import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diffFromDatabase, readSchema } from '../../prisma/schema-diff.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const REPAIR = 'Write a migration with what "npx tsx prisma/diff.ts" prints, or undo the change.';

describe('schema.prisma and the migrations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('describe the same tables', async () => {
    expect(await diffFromDatabase(database.url), REPAIR).toBe('');
  });

  test('are seen to differ when a column has no migration', async () => {
    const schema = await readSchema();
    const changed = schema.replace('model Customer {', 'model Customer {\n  nickname String?\n');
    expect(await diffFromDatabase(database.url, changed)).toContain(
      'ALTER TABLE "customers" ADD COLUMN     "nickname" TEXT',
    );
  });

  test('are seen to differ when a table is missing in the schema', async () => {
    const schema = await readSchema();
    const changed = schema.replace(
      /^\/\/\/ The recorded[\s\S]*?^model IdempotencyKey[\s\S]*?^}/m,
      '',
    );
    expect(await diffFromDatabase(database.url, changed)).toContain(
      'DROP TABLE "idempotency_keys"',
    );
  });
});
