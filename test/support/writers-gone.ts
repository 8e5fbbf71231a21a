import pg from 'pg';
import { until } from './until.ts';

/**
 * Waits until the connections are no more that wrote what has no place in the event log yet, of one
 * organization or of all. PostgreSQL takes leave of one in its own time after it was closed or its client
 * was killed, and whoever numbers looks only once.
 */
export async function writersGone(databaseUrl: string, organizationId?: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await until('the writers are gone', async () => {
      const { rowCount } = await client.query(
        `SELECT 1 FROM event_outbox JOIN pg_stat_activity ON pid = writer
          WHERE organization_id = coalesce($1, organization_id) LIMIT 1`,
        [organizationId],
      );
      return rowCount === 0;
    });
  } finally {
    await client.end();
  }
}
