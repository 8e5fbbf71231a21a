import pg from 'pg';
import { until } from './until.ts';

export interface Held {
  /** Resolves once somebody waits, with a statement that matches the pattern. */
  untilAwaited(statement?: string): Promise<void>;
  release(): Promise<void>;
}

const AWAITED = `SELECT 1 FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND query ~ $1 LIMIT 1`;

/** Locks every wallet of the database, as a transaction of another process would. */
export function holdWallets(databaseUrl: string): Promise<Held> {
  return hold(databaseUrl, 'SELECT id FROM wallets ORDER BY id FOR UPDATE');
}

/** Keeps every transaction that has something to tell from its end. */
export function holdOutbox(databaseUrl: string): Promise<Held> {
  return hold(databaseUrl, 'LOCK TABLE event_outbox IN SHARE MODE');
}

/** Resolves once somebody waits, with a statement that matches the pattern. */
export function untilAwaited(client: pg.Client, statement = ''): Promise<void> {
  return until(`somebody waits with ${statement || 'a statement'}`, async () => {
    // A transaction sees one state of this view unless it asks for another.
    await client.query('SELECT pg_stat_clear_snapshot()');
    return (await client.query(AWAITED, [statement])).rowCount !== 0;
  });
}

async function hold(databaseUrl: string, lock: string): Promise<Held> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query(lock);
  return {
    untilAwaited: (statement) => untilAwaited(client, statement),
    release: () => client.end(),
  };
}
