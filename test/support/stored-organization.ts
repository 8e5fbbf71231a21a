import pg from 'pg';
import { fromTypeId } from '../../src/kit/ids.ts';

const TABLES = `SELECT table_name AS name FROM information_schema.columns
  WHERE table_schema = 'public' AND column_name = 'organization_id' AND table_name NOT LIKE 'event\\_%'
  ORDER BY 1`;

/** What was told, whether or not it has been given its place in the log by now. */
const TOLD = `SELECT 'events', jsonb_build_object('of', customer_id, 'events', events) FROM (
    SELECT organization_id, customer_id, events FROM event_outbox
    UNION ALL SELECT organization_id, customer_id, events FROM event_runs) t
  WHERE organization_id = $1`;

/** Every row of an organization as text, without what changes by itself. */
export async function dumpOrganization(databaseUrl: string, organization: string) {
  return withClient(databaseUrl, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(TABLES);
    const parts = [
      `SELECT 'organizations' AS name, to_jsonb(t) AS content FROM organizations t WHERE id = $1`,
      ...tables.map(
        ({ name }) =>
          `SELECT '${name}', to_jsonb(t) - 'last_used_at' - 'queued' FROM "${name}" t WHERE organization_id = $1`,
      ),
      TOLD,
    ];
    const text = `SELECT name || content::text AS row FROM (${parts.join(' UNION ALL ')}) r ORDER BY 1`;
    const organizationId = fromTypeId('organization', organization);
    const { rows } = await client.query<{ row: string }>(text, [organizationId]);
    if (rows.length < tables.length) throw new Error('The dump of an organization is not whole.');
    return rows.map(({ row }) => row);
  });
}

const STIR = `INSERT INTO event_outbox (organization_id, customer_id, event_count, events, created_at)
  SELECT DISTINCT ON (e.customer_id) e.organization_id, e.customer_id, 2, json_build_array(
    json_build_object('type', 'usage.recorded', 'usageEventIds', json_build_array(e.id)),
    json_build_object('type', 'alert.raised', 'alertId', a.id)), now()
  FROM usage_events e JOIN alerts a USING (customer_id)`;

/** Has something told of every customer who ever used anything, again. */
export async function stirLogs(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, (client) => client.query(STIR));
}

/** Runs some statements beside the server. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
