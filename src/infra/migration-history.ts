import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** A migration of this version of the code: plain SQL, forward only. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the script, as Prisma writes it into its table. */
  readonly checksum: string;
}

/** A row of `_prisma_migrations`. */
export interface HistoryRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

export interface MigrationStatus {
  /** In the order in which they were applied. */
  readonly applied: string[];
  readonly pending: string[];
  /** One line that says why this code must not touch the database; null: all is well. */
  readonly problem: string | null;
}

/** Reads `<name>/migration.sql` of every folder, in the order of their names. */
export async function readMigrations(directory: URL): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readMigration(directory, name)));
}

async function readMigration(directory: URL, name: string): Promise<Migration> {
  const text = await readFile(new URL(`${name}/migration.sql`, directory), 'utf8');
  // A checkout with CRLF line ends is the same migration.
  const sql = text.replaceAll('\r\n', '\n');
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/** Compares what the code brings with what the database remembers. */
export function compareHistory(
  migrations: readonly Migration[],
  history: readonly HistoryRow[],
): MigrationStatus {
  const applied = history.filter((row) => row.finished).map((row) => row.migration_name);
  const done = new Set(applied);
  return {
    applied,
    pending: migrations.map(({ name }) => name).filter((name) => !done.has(name)),
    problem: problemOf(migrations, history),
  };
}

function problemOf(
  migrations: readonly Migration[],
  history: readonly HistoryRow[],
): string | null {
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of history) {
    const name = row.migration_name;
    const migration = known.get(name);
    if (!migration) {
      return `The database was migrated by a newer version: it holds migration ${name}, which this version does not know. Run the newer version, or restore a backup from before it.`;
    }
    if (!row.finished) {
      return `Migration ${name} was begun on this database and did not finish. Restore a backup from before it, or repair the tables and mark it with "prisma migrate resolve".`;
    }
    if (row.checksum !== migration.checksum) {
      return `Migration ${name} was edited after it was applied to this database. Put its file back as it was and write a new migration for the change.`;
    }
  }
  return null;
}
