import pg from 'pg';

/** Waits until everything that was committed has its place in the event log; somebody is giving it. */
export async function settledLog(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    let isSettled = false;
    while (!isSettled) {
      const { rows } = await client.query(
        'SELECT NOT EXISTS (SELECT 1 FROM event_outbox) AS settled',
      );
      isSettled = rows[0]?.settled;
    }
  } finally {
    await client.end();
  }
}
