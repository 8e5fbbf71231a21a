import type { Statement } from '../../infra/db.ts';

/** Events of these ids that are recorded already. Parameters: customer ids and event ids, side by side. */
export const FIND_RECORDED: Statement = {
  name: 'usage.find_recorded',
  text: `SELECT e.id, e.organization_id, e.customer_id, e.event_id, e.type, e.subject, e.occurred_at,
      e.received_at, e.properties::text AS properties_json, encode(e.content_hash, 'hex') AS content_hash
    FROM unnest($1::uuid[], $2::text[]) AS k (customer_id, event_id)
    JOIN usage_events e USING (customer_id, event_id)`,
};

export interface RecordedRow {
  id: string;
  organization_id: string;
  customer_id: string;
  event_id: string;
  type: string;
  subject: string | null;
  occurred_at: Date;
  received_at: Date;
  properties_json: string;
  content_hash: string;
}
