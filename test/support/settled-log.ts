import pg from 'pg';
import { until } from './until.ts';

/**
 * Waits until everything that was committed has its place in the event log. Without a pass to make, somebody
 * else is giving it. One pass alone proves nothing: it leaves the work to whoever has it in hand.
 */
export async function settledLog(
  databaseUrl: string,
  pass?: () => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await until('all events are numbered', async () => {
      await pass?.();
      const { rowCount } = await client.query('SELECT 1 FROM event_outbox LIMIT 1');
      return rowCount === 0;
    });
  } finally {
    await client.end();
  }
}
