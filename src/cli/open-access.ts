import { type Access, createAccess } from '../access/service.ts';
import { type Config, readConfig } from '../config.ts';
import { createCustomers } from '../customers/service.ts';
import { createDb } from '../infra/db.ts';
import { joinEmbeddedPostgres } from '../infra/embedded-postgres.ts';
import { createLog } from '../infra/log.ts';
import { createMigrator, type Migrator } from '../infra/migrate.ts';
import { systemClock } from '../kit/clock.ts';
import { CommandError } from './command-error.ts';

const POOL_SIZE = 2;

/**
 * Runs `work` with the access room on the database itself, as the person who runs the server: the
 * one of DATABASE_URL, or the embedded one of the data folder, whether or not a server runs on it.
 *
 */
export async function withAccess<T>(work: (access: Access) => Promise<T>): Promise<T> {
  const database = await open(readConfig());
  const onIdleError = () => undefined;
  const db = createDb({ url: database.url, poolSize: POOL_SIZE, onIdleError });
  try {
    const clock = systemClock;
    const { resolveCustomer } = createCustomers({ db, clock });
    return await work(createAccess({ db, clock, resolveCustomer }));
  } finally {
    await db.close();
    await database.close();
  }
}

interface OpenDatabase {
  readonly url: string;
  /** Stops the embedded server if it was started here. */
  close(): Promise<void>;
}

async function open(config: Config): Promise<OpenDatabase> {
  const database = await locate(config);
  try {
    await prepare(createMigrator({ url: database.url }));
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function locate({ databaseUrl, dataDir }: Config): Promise<OpenDatabase> {
  if (databaseUrl !== null) return { url: databaseUrl, close: async () => undefined };
  // Standard output is for what the command answers.
  const log = createLog({ level: 'warn', destination: process.stderr });
  const { url, stop } = await joinEmbeddedPostgres({ dataDir, log });
  return { url, close: stop };
}

/** A new database gets its tables; one of another version is not changed in passing. */
async function prepare(migrator: Migrator): Promise<void> {
  const { applied, pending, problem } = await migrator.status();
  if (problem) throw new CommandError(problem);
  if (applied.length === 0) await migrator.apply();
  else if (pending.length > 0) {
    throw new CommandError(`Run "drawdown migrate" first: ${pending.join(', ')} is not applied.`);
  }
}
