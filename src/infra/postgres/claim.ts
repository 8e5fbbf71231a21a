import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** The right to stop the server: held by one process, and lost with its connection when it dies. */
export interface Claim {
  release(): Promise<void>;
}

export interface Claimed {
  readonly claim: Claim | null;
  /** When there is no claim: who holds it, such as "process 4711". */
  readonly holder: string | null;
}

const LOCK = 7_232_001;
const TAKE = 'SELECT pg_try_advisory_lock($1) AS taken';
const HOLDER = `
  SELECT application_name AS holder
  FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND objid = $1 AND granted`;
const RETRY_MS = 50;
/** duplicate_database, and unique_violation when both are at it in the same moment. */
const ALREADY_MADE = ['42P04', '23505'];

/**
 * Takes the lock that says who runs this server. A killed holder's connection takes a moment to be
 * noticed, hence `patienceMs`.
 */
export async function claimServer(
  url: string,
  patienceMs: number,
  onLost: (error: Error) => void,
): Promise<Claimed> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `process ${process.pid}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  let taken = false;
  client.on('error', (error) => {
    if (taken) onLost(error);
  });
  await client.connect();
  const deadline = performance.now() + patienceMs;
  while (!(await client.query(TAKE, [LOCK])).rows[0].taken) {
    if (performance.now() < deadline) {
      await pause(RETRY_MS);
      continue;
    }
    const { rows } = await client.query(HOLDER, [LOCK]);
    await client.end();
    return { claim: null, holder: rows[0]?.holder ?? 'another process' };
  }
  taken = true;
  return { claim: { release: () => client.end().catch(() => undefined) }, holder: null };
}

/** Makes the database unless it exists. Two processes that try at once both find it afterwards. */
export async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!ALREADY_MADE.includes((error as pg.DatabaseError).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
