import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { createMigrator } from '../../src/infra/migrate.ts';
import { createTestDatabase } from './database.ts';

const open: pg.Client[] = [];

afterEach(async () => {
  for (const client of open.splice(0)) await client.end().catch(() => undefined);
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'forgetful test' });
  // A forced drop ends the connection: that is what one of these tests is about.
  client.on('error', () => undefined);
  await client.connect();
  open.push(client);
  return client;
}

test('a test database has every migration applied', async () => {
  const database = await createTestDatabase();
  const { applied, pending, problem } = await createMigrator({ url: database.url }).status();
  expect(applied).toContain('0001_core');
  expect(pending).toEqual([]);
  expect(problem).toBeNull();
  await database.drop();
});

test('two test databases share nothing', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = await connect(one.url);
  await client.query('CREATE TABLE only_here ()');
  const stranger = await connect(other.url);
  await expect(stranger.query('SELECT FROM only_here')).rejects.toThrow('does not exist');
  await Promise.all([client.end(), stranger.end()]);
  await Promise.all([one.drop(), other.drop()]);
});

test('a leaked connection fails the drop and is named, and the database is gone all the same', async () => {
  const database = await createTestDatabase();
  const leaked = await connect(database.url);
  await leaked.query('SELECT 1 AS forgotten');
  await expect(database.drop()).rejects.toThrow(
    /still open.*forgetful test.*SELECT 1 AS forgotten/,
  );
  await expect(connect(database.url)).rejects.toThrow('does not exist');
});
