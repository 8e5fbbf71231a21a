import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMigrator, MigrationError } from '../../src/infra/migrate.ts';
import type { Migration } from '../../src/infra/migrations.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const FIRST = migration('0001_first', 'CREATE TABLE first (id INT)');
const SECOND = migration('0002_second', 'CREATE TABLE second (id INT)');

describe('the migrator', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
    await query('DROP SCHEMA public CASCADE');
    await query('CREATE SCHEMA public');
  });
  afterEach(() => database.drop());

  const knowing = (...migrations: Migration[]) => createMigrator({ url: database.url, migrations });

  async function query(sql: string, values: unknown[] = []): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  test('shows what is pending and touches nothing', async () => {
    expect(await knowing(FIRST, SECOND).status()).toEqual({
      applied: [],
      pending: ['0001_first', '0002_second'],
      problem: null,
    });
    expect(await query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  test('applies what is pending, in order, and does it once', async () => {
    expect(await knowing(FIRST).apply()).toEqual(['0001_first']);
    expect(await knowing(FIRST, SECOND).apply()).toEqual(['0002_second']);
    expect(await knowing(FIRST, SECOND).apply()).toEqual([]);
    expect(await knowing(FIRST, SECOND).status()).toEqual({
      applied: ['0001_first', '0002_second'],
      pending: [],
      problem: null,
    });
  });

  test('lets one of several processes apply a migration that starts them all', async () => {
    const slow = migration('0001_slow', 'SELECT pg_sleep(0.05); CREATE TABLE first (id INT)');
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => knowing(slow).apply()));
    expect(outcomes.flat()).toEqual(['0001_slow']);
  });

  test('runs scripts whose functions hold semicolons', async () => {
    const sql = `
      CREATE FUNCTION one() RETURNS INT LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; -- one; two
      CREATE TABLE first (id INT DEFAULT one());`;
    await knowing(migration('0001_function', sql)).apply();
    expect(await query('SELECT one()')).toEqual([{ one: 1 }]);
  });

  test('keeps nothing of a script that fails, and says which one it was', async () => {
    const broken = migration('0002_broken', 'CREATE TABLE half (id INT); SELECT 1 / 0');
    await expect(knowing(FIRST, broken).apply()).rejects.toThrow(
      'The migration 0002_broken failed and nothing of it was kept: division by zero.',
    );
    expect(await query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);
    expect(await knowing(FIRST, SECOND).status()).toEqual({
      applied: ['0001_first'],
      pending: ['0002_second'],
      problem: null,
    });
  });

  test('refuses a database that a newer version migrated', async () => {
    await knowing(FIRST, SECOND).apply();
    await expectRefusal(knowing(FIRST), /newer schema: its migration 0002_second is unknown/);
  });

  test('refuses a database with a migration that was begun and not finished', async () => {
    await knowing(FIRST).apply();
    await query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)`,
      [randomUUID(), SECOND.checksum, SECOND.name],
    );
    await expectRefusal(knowing(FIRST, SECOND), /0002_second was started .* and not finished/);
  });

  test('passes over an unfinished migration that was rolled back by hand', async () => {
    await knowing(FIRST).apply();
    await query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, rolled_back_at)
       VALUES ($1, $2, $3, now())`,
      [randomUUID(), SECOND.checksum, SECOND.name],
    );
    expect(await knowing(FIRST, SECOND).apply()).toEqual(['0002_second']);
  });

  test('refuses a migration that was edited after it was applied', async () => {
    await knowing(FIRST).apply();
    const edited = migration(FIRST.name, 'CREATE TABLE first (id BIGINT)');
    await expectRefusal(knowing(edited), /0001_first was edited after it had been applied/);
  });

  test('refuses a new migration that sorts before an applied one', async () => {
    await knowing(SECOND).apply();
    await expectRefusal(knowing(FIRST, SECOND), /0001_first comes before 0002_second/);
  });

  test('says in one line that the database cannot be reached', async () => {
    const migrator = createMigrator({ url: 'postgres://127.0.0.1:1/none', migrations: [] });
    await expect(migrator.status()).rejects.toThrow(
      'The database (DATABASE_URL) cannot be reached: connect ECONNREFUSED 127.0.0.1:1.',
    );
  });

  /** The same line from looking and from applying, and nothing applied. */
  async function expectRefusal(migrator: ReturnType<typeof knowing>, line: RegExp): Promise<void> {
    const { problem, applied } = await migrator.status();
    expect(problem).toMatch(line);
    expect(problem).not.toContain('\n');
    await expect(migrator.apply()).rejects.toThrow(new MigrationError(problem ?? ''));
    expect((await migrator.status()).applied).toEqual(applied);
  }
});

function migration(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}
