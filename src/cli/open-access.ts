import { type Access, createAccess } from '../access/service.ts';
import { insertDefaultRules } from '../alerts/default-rules.ts';
import { createResolver } from '../customers/resolve.ts';
import { createDb } from '../infra/db.ts';
import { createMigrator, type Migrator } from '../infra/migrate.ts';
import { systemClock } from '../kit/clock.ts';
import { CommandError } from './command-error.ts';
import { type DatabaseOptions, withDatabase } from './with-database.ts';

const POOL_SIZE = 2;

/** Runs `work` with the access room on the database itself, as the person who runs the server. */
export function withAccess<T>(
  options: DatabaseOptions,
  work: (access: Access) => Promise<T>,
): Promise<T> {
  return withDatabase(options, async (url) => {
    await prepare(createMigrator({ url }));
    const db = createDb({ url, poolSize: POOL_SIZE, onIdleError: () => undefined });
    try {
      const clock = systemClock;
      const { resolveCustomer } = createResolver({ db });
      return await work(createAccess({ db, clock, resolveCustomer, equip: insertDefaultRules }));
    } finally {
      await db.close();
    }
  });
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
