import type { Statement } from '../../infra/db.ts';

/**
 * Events of these ids that are recorded already. Parameters: customer ids and event ids, side by side.
 * Written as one look into the unique index for each, so that no plan reads the table, whatever its
 * statistics said when the plan was made.
 */
export const FIND_RECORDED: Statement = {
  name: 'usage.find_recorded',
  text: `SELECT e.*
    FROM unnest($1::uuid[], $2::text[]) AS k (customer_id, event_id)
    CROSS JOIN LATERAL (
      SELECT id, organization_id, customer_id, event_id, type, subject, occurred_at, received_at,
        properties::text AS properties_json, encode(content_hash, 'hex') AS content_hash,
        (SELECT hold_id FROM hold_captures h WHERE h.usage_event_id = v.id AND h.customer_id = v.customer_id)
          AS hold_id
      FROM usage_events v WHERE customer_id = k.customer_id AND event_id = k.event_id
      LIMIT 1
    ) e`,
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
  hold_id: string | null;
}
