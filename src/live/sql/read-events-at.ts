import type { Statement } from '../../infra/db.ts';

/**
 * The runs of an organization that hold these positions, each once; for a position that was forgotten, the
 * first that is kept. Parameters: organization, positions.
 */
export const READ_EVENTS_AT: Statement = {
  name: 'live.read_events_at',
  text: `SELECT r.organization_id, r.customer_id, r.position::text AS position, r.sequence::text AS sequence,
      r.event_count, r.events, r.created_at
    FROM (SELECT DISTINCT (SELECT min(e.position) FROM event_runs e
        WHERE e.organization_id = $1::uuid AND e.position >= k.position) AS position
      FROM unnest($2::bigint[]) AS k (position)) held
    JOIN event_runs r ON r.organization_id = $1::uuid AND r.position = held.position`,
};
