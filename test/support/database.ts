import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { inject } from 'vitest';
import { databaseUrl, withAdmin } from './admin.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database. Fails when somebody is still connected: a connection was leaked. */
  drop(): Promise<void>;
}

const TEMPLATE_BUSY = '55006';
const CLONE_ATTEMPTS = 100;
const PAUSE_MS = 50;

/** A backend outlives the `end()` of its client by a moment, but not by this much. */
const GOODBYE_ATTEMPTS = 200;

/** A migrated, empty database that nobody else uses. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = inject('postgres');
  const name = `${template}_${randomBytes(6).toString('hex')}`;
  await withAdmin(adminUrl, (admin) => clone(admin, template, name));
  return {
    url: databaseUrl(adminUrl, name),
    drop: () => withAdmin(adminUrl, (admin) => drop(admin, name)),
  };
}

async function clone(admin: pg.Client, template: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
      return;
    } catch (error) {
      if ((error as pg.DatabaseError).code !== TEMPLATE_BUSY || attempt === CLONE_ATTEMPTS)
        throw error;
      await delay(PAUSE_MS);
    }
  }
}

async function drop(admin: pg.Client, name: string): Promise<void> {
  const leaked = await waitForGoodbyes(admin, name);
  await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`);
  if (leaked.length === 0) return;
  throw new Error(
    `${leaked.length} connections to the test database were still open when it was dropped; close what the test opened first: ${leaked.join('; ')}.`,
  );
}

/** The connections that do not go away by themselves, each with what it did last. */
async function waitForGoodbyes(admin: pg.Client, name: string): Promise<string[]> {
  let open: string[] = [];
  for (let attempt = 0; attempt < GOODBYE_ATTEMPTS; attempt += 1) {
    const found = await admin.query<{ open: string }>(
      `SELECT concat_ws(', ', nullif(application_name, ''), state, left(query, 80)) AS open
       FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'`,
      [name],
    );
    open = found.rows.map((row) => row.open);
    if (open.length === 0) return open;
    await delay(PAUSE_MS);
  }
  return open;
}
