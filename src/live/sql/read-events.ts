import type { Statement } from '../../infra/db.ts';

const COLUMNS = `organization_id, customer_id, position::text AS position, sequence::text AS sequence,
  event_count, events, created_at`;

/** The runs of an organization after a position. Parameters: organization, position, how many at most. */
export const READ_EVENTS_OF_ORGANIZATION: Statement = {
  name: 'live.read_events_of_organization',
  text: `SELECT ${COLUMNS} FROM event_runs WHERE organization_id = $1::uuid AND position > $2::bigint
    ORDER BY event_runs.position LIMIT $3::int`,
};

/** The runs of a customer after a sequence. Parameters: customer, sequence, how many at most. */
export const READ_EVENTS_OF_CUSTOMER: Statement = {
  name: 'live.read_events_of_customer',
  text: `SELECT ${COLUMNS} FROM event_runs WHERE customer_id = $1::uuid AND sequence > $2::bigint
    ORDER BY event_runs.sequence LIMIT $3::int`,
};

/**
 * The last runs of an organization before a position, with the one that it is in, oldest first. Parameters:
 * organization, position, how many at most.
 */
export const READ_LAST_OF_ORGANIZATION: Statement = {
  name: 'live.read_last_of_organization',
  text: `SELECT * FROM (
      SELECT ${COLUMNS} FROM event_runs
      WHERE organization_id = $1::uuid AND event_runs.position <= coalesce(
        (SELECT min(r.position) FROM event_runs r
          WHERE r.organization_id = $1::uuid AND r.position >= $2::bigint), $2::bigint)
      ORDER BY event_runs.position DESC LIMIT $3::int
    ) last ORDER BY last.position::bigint`,
};

/** The same of a customer and a sequence. Parameters: customer, sequence, how many at most. */
export const READ_LAST_OF_CUSTOMER: Statement = {
  name: 'live.read_last_of_customer',
  text: `SELECT * FROM (
      SELECT ${COLUMNS} FROM event_runs
      WHERE customer_id = $1::uuid AND event_runs.sequence <= coalesce(
        (SELECT min(r.sequence) FROM event_runs r
          WHERE r.customer_id = $1::uuid AND r.sequence >= $2::bigint), $2::bigint)
      ORDER BY event_runs.sequence DESC LIMIT $3::int
    ) last ORDER BY last.sequence::bigint`,
};

/** Where an organization's log begins and ends. Parameter: organization. */
export const READ_EXTENT_OF_ORGANIZATION: Statement = {
  name: 'live.read_extent_of_organization',
  text: `SELECT forgotten_position::text AS forgotten, last_position::text AS last
    FROM event_logs WHERE organization_id = $1::uuid`,
};

/** Where a customer's part of the log begins and ends. Parameter: customer. */
export const READ_EXTENT_OF_CUSTOMER: Statement = {
  name: 'live.read_extent_of_customer',
  text: `SELECT c.forgotten_sequence::text AS forgotten, coalesce(
      (SELECT r.sequence FROM event_runs r WHERE r.customer_id = c.id ORDER BY r.sequence DESC LIMIT 1),
      c.forgotten_sequence)::text AS last
    FROM customers c WHERE c.id = $1::uuid`,
};

export interface RunRow {
  organization_id: string;
  customer_id: string | null;
  position: string;
  sequence: string | null;
  event_count: number;
  events: unknown[];
  created_at: Date;
}

export interface ExtentRow {
  forgotten: string;
  last: string;
}
