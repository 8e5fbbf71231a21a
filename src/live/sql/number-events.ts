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
 * organization and by customer. Parameters: how many rows at most; the instant before which a row must
 * have been written to count as left behind, so that its balances are told again: not while there is a
 * backlog, for then everything is late, and telling it again would only add to it. The claim is a statement
 * of its own before this one, for what is read here must be as the one before us left it.
 */
export const NUMBER_EVENTS: Statement = {
  name: 'live.number_events',
  text: `WITH taken AS (
      DELETE FROM event_outbox WHERE id <= (
        SELECT max(id) FROM (SELECT id FROM event_outbox ORDER BY id LIMIT $1::int) due)
      RETURNING id, organization_id, customer_id, event_count, events, created_at
    ), totals AS (
      SELECT organization_id, count(*) AS rows, sum(event_count) AS events FROM taken GROUP BY 1
    ), logs AS (
      INSERT INTO event_logs AS l (organization_id, last_position)
      SELECT organization_id, events FROM totals
      ON CONFLICT (organization_id)
        DO UPDATE SET last_position = l.last_position + excluded.last_position
      RETURNING organization_id, last_position
    ), runs AS (
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
    ), left_behind AS (
      SELECT t.organization_id,
        json_agg(json_build_array(t.customer_id, t.created_at, e.event) ORDER BY t.id) AS events
      FROM taken t CROSS JOIN LATERAL json_array_elements(t.events) AS e (event)
      WHERE t.created_at < $2::timestamptz AND e.event->>'type' = 'balance.changed'
        AND (SELECT count(*) FROM taken) < $1::int
      GROUP BY t.organization_id
    )
    SELECT l.organization_id, l.last_position::text AS last_position, totals.rows::int AS rows,
      left_behind.events AS left_behind
    FROM logs l JOIN totals USING (organization_id) LEFT JOIN left_behind USING (organization_id)`,
};

export interface NumberedRow {
  organization_id: string;
  last_position: string;
  rows: number;
  left_behind: [customerId: string | null, at: string, event: unknown][] | null;
}
