import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { migrateJobs } from '../../src/infra/jobs.ts';
import { createLog } from '../../src/infra/log.ts';
import { createMigrator } from '../../src/infra/migrate.ts';
import { databaseUrl, withAdmin } from './admin.ts';
import { build } from './build.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** An account that may create databases, and the migrated database that every test clones. */
    postgres: { adminUrl: string; template: string };
  }
}

let postgres: TestPostgres | undefined;
let template: string | undefined;

/** What is built, one PostgreSQL and one migrated template for the whole run, before the first test file. */
export async function setup(project: TestProject): Promise<void> {
  await build();
  project.onTestsRerun(build);
  postgres = await startPostgres();
  const name = `drawdown_test_${randomBytes(6).toString('hex')}`;
  template = name;
  await withAdmin(postgres.url, (admin) => admin.query(`CREATE DATABASE "${name}"`));
  const url = databaseUrl(postgres.url, name);
  await createMigrator({ url }).apply();
  await migrateJobs(url, createLog({ level: 'silent' }));
  // Nobody can connect to the template by mistake, so that it is always free to be cloned.
  await withAdmin(postgres.url, (admin) =>
    admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`),
  );
  project.provide('postgres', { adminUrl: postgres.url, template: name });
}

export async function teardown(): Promise<void> {
  if (!postgres) return;
  const { url, stop } = postgres;
  try {
    if (template) await dropFamily(url, template);
  } finally {
    await stop();
  }
}

/** The template and the clones that a failed test file left behind. */
async function dropFamily(url: string, name: string): Promise<void> {
  await withAdmin(url, async (admin) => {
    const found = await admin.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [name],
    );
    for (const { datname } of found.rows) {
      await admin.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
    }
  });
}
