import type { Statement } from '../../infra/db.ts';

/**
 * Law 8, of the event log. Positions go on from what was forgotten without a gap up to the log's last, and
 * so do the sequences of each customer; a run has as many events as it says.
 */
export const EVENTS_HAVE_NO_GAP: Statement = {
  name: 'laws.events_have_no_gap',
  text: `WITH steps AS (
      SELECT r.organization_id, r.customer_id, r.position, r.sequence, r.event_count,
        r.position - r.event_count AS starts_behind,
        coalesce(lag(r.position) OVER (PARTITION BY r.organization_id ORDER BY r.position),
          l.forgotten_position) AS expected_behind,
        r.sequence - r.event_count AS sequence_behind,
        coalesce(lag(r.sequence) OVER (PARTITION BY r.customer_id ORDER BY r.sequence),
          c.forgotten_sequence) AS expected_sequence_behind,
        json_array_length(r.events) AS events
      FROM event_runs r
      LEFT JOIN event_logs l USING (organization_id)
      LEFT JOIN customers c ON c.id = r.customer_id
    ), ends AS (
      SELECT l.organization_id, l.last_position, coalesce(max(r.position), l.forgotten_position) AS last
      FROM event_logs l LEFT JOIN event_runs r USING (organization_id)
      GROUP BY l.organization_id
    )
    (SELECT 'organization' AS noun, organization_id AS id, CASE
        WHEN events <> event_count THEN format('the run of events up to %s counts %s, and has %s', position, event_count, events)
        ELSE format('its event %s follows where %s is expected', starts_behind + 1, expected_behind + 1) END AS problem
      FROM steps
      WHERE events <> event_count OR starts_behind IS DISTINCT FROM expected_behind
      ORDER BY organization_id, position
      LIMIT 3)
    UNION ALL
    (SELECT 'customer', customer_id, format('its event %s follows where %s is expected', sequence_behind + 1,
        expected_sequence_behind + 1)
      FROM steps
      WHERE customer_id IS NOT NULL AND sequence_behind IS DISTINCT FROM expected_sequence_behind
      ORDER BY customer_id, sequence
      LIMIT 3)
    UNION ALL
    (SELECT 'organization', organization_id, format('its event log ends at %s, its last event is %s', last_position, last)
      FROM ends WHERE last_position <> last
      LIMIT 3)`,
};
