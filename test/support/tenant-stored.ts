import { fromTypeId, newId, toTypeId } from '../../src/kit/ids.ts';
import { withClient } from './stored-organization.ts';

/** What signs the tokens of an organization. */
export async function readSigningKey(databaseUrl: string, organization: string): Promise<string> {
  const organizationId = fromTypeId('organization', organization);
  const text = 'SELECT id FROM token_signing_keys WHERE organization_id = $1';
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(text, [organizationId]);
    return toTypeId('signingKey', rows[0]?.id ?? '');
  });
}

/** The first event of the log, as the endpoint was sent it. */
export async function storeDelivery(databaseUrl: string, endpoint: string): Promise<string> {
  const endpointId = fromTypeId('webhookEndpoint', endpoint);
  const id = newId('webhookDelivery');
  await withClient(databaseUrl, async (client) => {
    await client.query('UPDATE webhook_endpoints SET position = 1 WHERE id = $1', [endpointId]);
    await client.query(
      `INSERT INTO webhook_deliveries (id, organization_id, endpoint_id, kind, event_id, event_type, position,
        attempt, status, url, request_headers, created_at)
      SELECT $1::uuid, organization_id, id, 'EVENT', 'evt_1', 'customer.created', 1, 1, 'SUCCEEDED', url, '{}', now()
      FROM webhook_endpoints WHERE id = $2`,
      [id, endpointId],
    );
  });
  return toTypeId('webhookDelivery', id);
}
