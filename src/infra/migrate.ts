import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Queryable } from './db.ts';
import {
  type Attempt,
  diagnose,
  type Migration,
  type MigrationStatus,
  readMigrations,
} from './migrations.ts';

/** Why the database cannot be brought to this code's schema, in one line. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

export interface Migrator {
  /** Reads; changes nothing, and does not wait for a migration that is running. */
  status(): Promise<MigrationStatus>;
  /**
   * Applies what is pending, in order, and answers the names. Throws a MigrationError when the database
   * is not one that this code may change, or when a migration fails; a failed one leaves nothing behind.
   */
  apply(): Promise<readonly string[]>;
}

export interface MigratorOptions {
  readonly url: string;
  /** The migrations of this code; those in `prisma/migrations` when left out. */
  readonly migrations?: readonly Migration[];
}

const CONNECT_TIMEOUT_MS = 10_000;
const TURN_TIMEOUT_S = 60;

/** The number under which Prisma locks a database it migrates, so that it and we exclude each other. */
const LOCK = 72_707_369;
const LOCK_NOT_AVAILABLE = '55P03';

/** A migration that waits for a table holds up everyone who comes after it; better to fail and try again. */
const LOCK_TIMEOUT = '10s';

/** The table as Prisma makes it. */
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

const FIND_TABLE = {
  name: 'migrate.find_table',
  text: `SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS present`,
};

const READ_ATTEMPTS = {
  name: 'migrate.read_attempts',
  text: `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
  FROM "_prisma_migrations"
  WHERE rolled_back_at IS NULL
  ORDER BY started_at, migration_name`,
};

const RECORD = `
  INSERT INTO "_prisma_migrations" (id, migration_name, checksum, started_at, finished_at, applied_steps_count)
  VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`;

/** Applies plain-SQL migrations and keeps the books that Prisma keeps. */
export function createMigrator({ url, migrations = readMigrations() }: MigratorOptions): Migrator {
  return {
    status: () =>
      connected(url, async (client) => diagnose(migrations, await readAttempts(readerOf(client)))),
    apply: () => connected(url, (client) => applyPending(client, migrations)),
  };
}

/** How far the database is, asked over connections that are there already. */
export async function readMigrationStatus(
  db: Queryable,
  migrations: readonly Migration[],
): Promise<MigrationStatus> {
  return diagnose(migrations, await readAttempts(db));
}

/** Throws a MigrationError unless this code may work on the database, now or after `apply`. */
function assertMigratable(status: MigrationStatus): void {
  if (status.problem !== null) throw new MigrationError(status.problem);
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'drawdown migrate',
  });
  // A connection that breaks rejects the query it carries; there is nothing more to do about it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new MigrationError(`The database (DATABASE_URL) cannot be reached: ${reasonOf(error)}.`);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function applyPending(
  client: pg.Client,
  migrations: readonly Migration[],
): Promise<string[]> {
  await takeTurn(client);
  const status = diagnose(migrations, await readAttempts(readerOf(client)));
  assertMigratable(status);
  const pending = migrations.filter((migration) => status.pending.includes(migration.name));
  for (const migration of pending) await applyOne(client, migration);
  return pending.map((migration) => migration.name);
}

/** Whoever comes second waits here, and then finds nothing pending. Held until the session ends. */
async function takeTurn(client: pg.Client): Promise<void> {
  await client.query(`SET lock_timeout = '${TURN_TIMEOUT_S}s'`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new MigrationError(
      `Another process has been migrating this database for ${TURN_TIMEOUT_S} seconds; start again when it is done.`,
    );
  }
}

/** The script and its record are one transaction, so that a migration is never half applied. */
async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query(CREATE_TABLE);
    await client.query(migration.sql);
    await client.query(RECORD, [randomUUID(), migration.name, migration.checksum]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError(
      `The migration ${migration.name} failed and nothing of it was kept: ${reasonOf(error)}.`,
    );
  }
}

async function readAttempts(db: Queryable): Promise<Attempt[]> {
  const [table] = await db.query<{ present: boolean }>(FIND_TABLE, []);
  return table?.present ? db.query<Attempt>(READ_ATTEMPTS, []) : [];
}

/** A bare client as what reads the attempts; its connection is used once, so it prepares nothing. */
function readerOf(client: pg.Client): Queryable {
  return { query: async ({ text }) => (await client.query(text)).rows };
}

/** One line, also where Node reports one refusal per address of a host. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error
    ? error.message.replaceAll('\n', ' ').replace(/\.$/, '')
    : String(error);
}
