import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { PROJECT } from './project.ts';

/** A plain-SQL migration of this code, as it lies in `prisma/migrations/<name>/migration.sql`. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the script, as Prisma records it. */
  readonly checksum: string;
}

/** A row of `_prisma_migrations`: a migration that was tried on the database. */
export interface Attempt {
  readonly name: string;
  readonly checksum: string;
  /** False for one that was started and never came to its end. */
  readonly finished: boolean;
}

export interface MigrationStatus {
  /** Names in the order of their application. */
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Why this code must not touch the database, in one line; null when it may. */
  readonly problem: string | null;
}

const MIGRATIONS_FOLDER = new URL('prisma/migrations/', PROJECT);

/** The migrations of a folder in the order of their names. */
export function readMigrations(folder: URL = MIGRATIONS_FOLDER): readonly Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(`${name}/migration.sql`, folder), 'utf8');
      // A checkout with CRLF line ends holds the same migration.
      const sql = text.replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** Compares what the code knows with what the database went through. */
export function diagnose(
  known: readonly Migration[],
  attempts: readonly Attempt[],
): MigrationStatus {
  const applied = attempts.filter((attempt) => attempt.finished).map((attempt) => attempt.name);
  const pending = known
    .map((migration) => migration.name)
    .filter((name) => !applied.includes(name));
  return { applied, pending, problem: problemOf(known, attempts, pending) };
}

function problemOf(
  known: readonly Migration[],
  attempts: readonly Attempt[],
  pending: readonly string[],
): string | null {
  const halfway = attempts.find((attempt) => !attempt.finished);
  if (halfway) {
    return `The migration ${halfway.name} was started on this database and not finished: restore a backup, or finish it by hand and record it in _prisma_migrations.`;
  }
  const checksums = new Map(known.map((migration) => [migration.name, migration.checksum]));
  const newer = attempts.find((attempt) => !checksums.has(attempt.name));
  if (newer) {
    return `The database has a newer schema: its migration ${newer.name} is unknown to this version of Drawdown. Start the version that applied it, or a later one.`;
  }
  const edited = attempts.find((attempt) => checksums.get(attempt.name) !== attempt.checksum);
  if (edited) {
    return `The migration ${edited.name} was edited after it had been applied to this database: restore its migration.sql and write a new migration instead.`;
  }
  const last = attempts
    .map((attempt) => attempt.name)
    .sort()
    .at(-1);
  const skipped = pending.find((name) => last !== undefined && name < last);
  if (skipped === undefined) return null;
  return `The migration ${skipped} comes before ${last}, which this database has already: rename it so that it comes last.`;
}
