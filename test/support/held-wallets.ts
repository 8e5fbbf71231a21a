import pg from 'pg';

export interface HeldWallets {
  /** Resolves once somebody waits for one of them. */
  untilAwaited(): Promise<void>;
  release(): Promise<void>;
}

const AWAITED = `SELECT 1 FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1`;

/** Locks every wallet of the database, as a transaction of another process would. */
export async function holdWallets(databaseUrl: string): Promise<HeldWallets> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT id FROM wallets ORDER BY id FOR UPDATE');
  return {
    async untilAwaited() {
      // A transaction sees one state of this view unless it asks for another.
      do await client.query('SELECT pg_stat_clear_snapshot()');
      while ((await client.query(AWAITED)).rowCount === 0);
    },
    release: () => client.end(),
  };
}
