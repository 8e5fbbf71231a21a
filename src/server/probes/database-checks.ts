import type { Db } from '../../infra/db.ts';
import { readMigrationStatus } from '../../infra/migrate.ts';
import type { Migration } from '../../infra/migrations.ts';
import { isOutage } from '../../infra/outage.ts';

export interface DatabaseChecks {
  database(): Promise<void>;
  migrations(): Promise<void>;
}

/**
 * Whether the database answers, and is of this code's version. When the second could not be asked, that is
 * the database's fault too: one that is about to stop still answers on connections that are there, and
 * refuses others.
 */
export function createDatabaseChecks(db: Db, migrations: readonly Migration[]): DatabaseChecks {
  let asking: Promise<void> | null = null;

  /** Once for both. */
  function askVersion(): Promise<void> {
    asking ??= mustBeCurrent(db, migrations).finally(() => {
      asking = null;
    });
    return asking;
  }

  return {
    async database() {
      await Promise.all([ping(db), askVersion().catch(onlyOutage)]);
    },
    migrations: askVersion,
  };
}

function onlyOutage(error: unknown): void {
  if (isOutage(error)) throw error;
}

/** Another process may have moved the database on to what this code does not know. */
async function mustBeCurrent(db: Db, migrations: readonly Migration[]): Promise<void> {
  const { pending, problem } = await readMigrationStatus(db.direct, migrations);
  if (problem) throw new Error(problem);
  if (pending.length > 0) throw new Error(`Migrations are pending: ${pending.join(', ')}.`);
}

async function ping(db: Db): Promise<void> {
  await db.direct.query({ name: 'server.ping', text: 'SELECT 1' }, []);
}
