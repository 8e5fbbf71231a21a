import type { Statement } from '../../infra/db.ts';

/** Organizations with events that are older than an instant. Parameter: the instant. */
export const FIND_OLD_LOGS: Statement = {
  name: 'live.find_old_logs',
  text: `SELECT l.organization_id FROM event_logs l
    CROSS JOIN LATERAL (SELECT created_at FROM event_runs r
      WHERE r.organization_id = l.organization_id ORDER BY r.position LIMIT 1) oldest
    WHERE oldest.created_at < $1::timestamptz`,
};

/**
 * Forgets the oldest runs of one organization, as far as they are older than an instant, and remembers how
 * far that was: for the organization, and for each customer; several may do so at a time. Parameters:
 * organization, instant, how many at most. Nothing younger is forgotten, also where clocks have put runs
 * out of the order of their time.
 */
export const FORGET_EVENTS: Statement = {
  name: 'live.forget_events',
  text: `WITH oldest AS (
      SELECT position, created_at FROM event_runs WHERE organization_id = $1::uuid
      ORDER BY position LIMIT $3::int
    ), last AS (
      SELECT max(position) AS position FROM oldest o WHERE NOT EXISTS (
        SELECT 1 FROM oldest y WHERE y.position <= o.position AND y.created_at >= $2::timestamptz)
    ), forgotten AS (
      DELETE FROM event_runs r USING last
      WHERE r.organization_id = $1::uuid AND r.position <= last.position
      RETURNING r.customer_id, r.sequence
    ), customers_moved AS (
      UPDATE customers c SET forgotten_sequence = greatest(c.forgotten_sequence, f.sequence)
      FROM (SELECT customer_id, max(sequence) AS sequence FROM forgotten
        WHERE customer_id IS NOT NULL GROUP BY customer_id) f
      WHERE c.id = f.customer_id
    ), log_moved AS (
      UPDATE event_logs l SET forgotten_position = greatest(l.forgotten_position, last.position) FROM last
      WHERE l.organization_id = $1::uuid AND last.position IS NOT NULL
    )
    SELECT count(*)::int AS count FROM forgotten`,
};
