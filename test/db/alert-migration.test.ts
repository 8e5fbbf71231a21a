import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMigrator } from '../../src/infra/migrate.ts';
import { readMigrations } from '../../src/infra/migrations.ts';
import { newId } from '../../src/kit/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('DROP SCHEMA public CASCADE');
  await client.query('CREATE SCHEMA public');
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

test('organizations from before there were alerts get the rules that every one begins with', async () => {
  const migrations = readMigrations();
  const before = migrations.filter(({ name }) => name < '0004_alerts');
  expect(before.length).toBeLessThan(migrations.length);
  await createMigrator({ url: database.url, migrations: before }).apply();
  const ids = [newId('organization'), newId('organization')];
  for (const id of ids) {
    await client.query(
      `INSERT INTO organizations (id, name, mode, created_at) VALUES ($1, $2, 'TEST', now())`,
      [id, `Organization ${id}`],
    );
  }
  await createMigrator({ url: database.url }).apply();
  const { rows } = await client.query(
    `SELECT name, kind, terms FROM alert_rules WHERE organization_id = ANY ($1)
      AND customer_id IS NULL AND asset_id IS NULL ORDER BY length(name) DESC, name`,
    [ids],
  );
  const expected = ['20', '50', '5'].flatMap((percent) => {
    const rule = { name: `Below ${percent} %`, kind: 'BELOW_PERCENT', terms: { percent } };
    return [rule, rule];
  });
  expect(rows).toEqual(expected);
});
