import pg from 'pg';
import { until } from './until.ts';

/** Waits until everything that was committed has its place in the event log; somebody is giving it. */
export async function settledLog(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await until('all events are numbered', async () => {
      const { rowCount } = await client.query('SELECT 1 FROM event_outbox LIMIT 1');
      return rowCount === 0;
    });
  } finally {
    await client.end();
  }
}
