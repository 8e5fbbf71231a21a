import type { Db, Statement } from '../infra/db.ts';
import { toTypeId } from '../kit/ids.ts';
import { createRecent } from '../kit/recent.ts';
import type { LoggedEvent } from '../live/event.ts';
import { eventPayload } from '../live/event-payload.ts';

/** What is sent: the same text in every attempt. */
export interface Message {
  /** The `webhook-id`. */
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

export type MessageOf = (event: LoggedEvent) => Promise<Message>;

const PING_TYPE = 'webhook.ping';

const CACHE_CAPACITY = 10_000;

const READ_EXTERNAL_ID: Statement = {
  name: 'webhooks.read_external_id',
  text: 'SELECT external_id AS "externalId" FROM customers WHERE id = $1::uuid',
};

/** Events as messages, with the merchant's own name of the customer, which never changes. */
export function createMessages(db: Db): MessageOf {
  const externalIds = createRecent<string>(CACHE_CAPACITY);

  async function externalIdOf(customerId: string | null): Promise<string | null> {
    if (customerId === null) return null;
    const known = externalIds.get(customerId);
    if (known !== undefined) return known;
    const [row] = await db.direct.query<{ externalId: string }>(READ_EXTERNAL_ID, [customerId]);
    if (!row) throw new Error('An event is about a customer that is not there.');
    externalIds.set(customerId, row.externalId);
    return row.externalId;
  }

  return async (event) => {
    const { id, type, timestamp, data } = eventPayload(event);
    const { customerId, ...facts } = data;
    const customerExternalId = await externalIdOf(event.customerId);
    const named = { customerId, customerExternalId, ...facts };
    return { id, type, body: JSON.stringify({ id, type, timestamp, data: named }) };
  };
}

/** A message that is no event: it only shows that the endpoint can be reached. */
export function pingMessage(deliveryId: string, endpointId: string, at: Date): Message {
  const id = toTypeId('webhookDelivery', deliveryId);
  const data = { endpointId: toTypeId('webhookEndpoint', endpointId) };
  const body = JSON.stringify({ id, type: PING_TYPE, timestamp: at.toISOString(), data });
  return { id, type: PING_TYPE, body };
}
