import { randomUUID } from 'node:crypto';
import pg from 'pg';
import {
  compareHistory,
  type HistoryRow,
  type Migration,
  type MigrationStatus,
  readMigrations,
} from './migration-history.ts';

export interface Migrator {
  /** What is applied and what is not; changes nothing. */
  status(): Promise<MigrationStatus>;
  /**
   * Applies what is pending and answers its names. Safe when several processes start at once. Throws a
   * MigrationError, whose message is one line, and leaves the database as it was before the migration
   * that failed.
   */
  apply(): Promise<string[]>;
}

export interface MigratorOptions {
  readonly url: string;
  /** The folder of migrations; the product's own when left out. */
  readonly directory?: URL;
}

/** The database cannot be brought to this version of the schema. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

const OWN_MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url);
const CONNECT_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 60_000;

/** The key that Prisma's own engine locks, so that `prisma migrate deploy` and we wait for each other. */
const LOCK = 72_707_369;

/** The table as Prisma's own engine creates it. */
const CREATE_TABLE = `
CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                  VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum"            VARCHAR(64) NOT NULL,
    "finished_at"         TIMESTAMPTZ,
    "migration_name"      VARCHAR(255) NOT NULL,
    "logs"                TEXT,
    "rolled_back_at"      TIMESTAMPTZ,
    "started_at"          TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

const READ_HISTORY = `
SELECT "migration_name", "checksum", "finished_at" IS NOT NULL AS "finished"
FROM "_prisma_migrations"
WHERE "rolled_back_at" IS NULL
ORDER BY "started_at", "migration_name"`;

const WRITE_HISTORY = `
INSERT INTO "_prisma_migrations"
    ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`;

export function createMigrator(options: MigratorOptions): Migrator {
  const directory = options.directory ?? OWN_MIGRATIONS;
  return {
    status: () =>
      connected(options.url, async (client) =>
        compareHistory(await readMigrations(directory), await readHistory(client)),
      ),
    apply: () =>
      connected(options.url, async (client) => {
        const migrations = await readMigrations(directory);
        await lock(client);
        return applyPending(client, migrations);
      }),
  };
}

/** The lock ends with the connection, also when the process dies. */
async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'drawdown migrate',
  });
  // A connection that breaks also rejects the statement under way: it is reported there.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function lock(client: pg.Client): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  } catch (cause) {
    throw new MigrationError(
      `Another process has been migrating this database for ${LOCK_TIMEOUT_MS / 1000} seconds. Try again when it is done.`,
      { cause },
    );
  }
  await client.query('SET lock_timeout = 0');
}

async function readHistory(client: pg.Client): Promise<HistoryRow[]> {
  const found = await client.query(`SELECT to_regclass('"_prisma_migrations"') AS "table"`);
  if (found.rows[0].table === null) return [];
  return (await client.query<HistoryRow>(READ_HISTORY)).rows;
}

async function applyPending(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<string[]> {
  const { pending, problem } = compareHistory(migrations, await readHistory(client));
  if (problem) throw new MigrationError(problem);
  if (pending.length > 0) await client.query(CREATE_TABLE);
  for (const migration of migrations) {
    if (pending.includes(migration.name)) await applyOne(client, migration);
  }
  return pending;
}

/** The script and its row in one transaction: a migration is applied entirely or not at all. */
async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await client.query(WRITE_HISTORY, [randomUUID(), migration.checksum, migration.name]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`Migration ${migration.name} failed and was undone: ${reason}.`, {
      cause: error,
    });
  }
}
