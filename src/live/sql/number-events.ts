import type { Statement } from '../../infra/db.ts';

/**
 * Held by whoever numbers events, so that there is one at a time on the whole database. What follows joins
 * what it has just taken, for which no key can be looked up.
 */
export const CLAIM_SEQUENCER: Statement = {
  name: 'live.claim_sequencer',
  text: `SELECT pg_try_advisory_xact_lock(hashtext('drawdown.sequencer')) AS claimed,
    set_config('enable_hashjoin', 'on', true)`,
};

/**
 * Moves what has committed from the outbox into the log, in the order of its ids, and numbers it: by
 * organization and by customer. Parameter: how many rows at most. The claim is a statement of its own before
 * this one, for what is read here must be as the one before us left it.
 */
export const NUMBER_EVENTS: Statement = {
  name: 'live.number_events',
  text: `WITH taken AS (
      DELETE FROM event_outbox WHERE id <= (
        SELECT max(id) FROM (SELECT id FROM event_outbox ORDER BY id LIMIT $1::int) due)
      RETURNING id, organization_id, customer_id, event_count, events, created_at, writer
    ), totals AS (
      SELECT organization_id, count(*) AS runs, sum(event_count) AS events,
        array_agg(DISTINCT writer) AS writers
      FROM taken GROUP BY 1
    ), logs AS (
      INSERT INTO event_logs AS l (organization_id, last_position)
      SELECT organization_id, events FROM totals
      ON CONFLICT (organization_id)
        DO UPDATE SET last_position = l.last_position + excluded.last_position
      RETURNING organization_id, last_position
    ), added AS (
      INSERT INTO event_runs (organization_id, position, customer_id, sequence, event_count, events,
        created_at)
      SELECT t.organization_id,
        l.last_position - sum(t.event_count) OVER (PARTITION BY t.organization_id)
          + sum(t.event_count) OVER (PARTITION BY t.organization_id ORDER BY t.id),
        t.customer_id,
        last.sequence + sum(t.event_count) OVER (PARTITION BY t.customer_id ORDER BY t.id),
        t.event_count, t.events, t.created_at
      FROM taken t
      JOIN logs l USING (organization_id)
      LEFT JOIN LATERAL (
        SELECT coalesce(
          (SELECT r.sequence FROM event_runs r WHERE r.customer_id = t.customer_id
            ORDER BY r.sequence DESC LIMIT 1),
          (SELECT c.forgotten_sequence FROM customers c WHERE c.id = t.customer_id),
          0) AS sequence
      ) last ON t.customer_id IS NOT NULL
    )
    SELECT l.organization_id, l.last_position::text AS last_position, totals.runs::int AS runs,
      totals.events::int AS events, totals.writers
    FROM logs l JOIN totals USING (organization_id)`,
};

export interface NumberedRow {
  organization_id: string;
  last_position: string;
  runs: number;
  events: number;
  writers: number[];
}
