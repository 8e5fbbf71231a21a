import type { Statement } from '../../infra/db.ts';

/**
 * Gives grants of a wallet that is locked a later end, and keeps the one that each had, with the last entry that went
 * by it. Parameters: the wallet's organization, customer and last sequence, the instant; then in columns the grants,
 * their new ends, and when to look at each next, null for never.
 */
export const EXTEND_GRANTS: Statement = {
  name: 'ledger.extend_grants',
  text: `WITH later AS (
      SELECT * FROM unnest($5::uuid[], $6::timestamptz[], $7::timestamptz[])
        AS k (id, expires_at, next_transition_at)
    ), kept AS (
      INSERT INTO grant_extensions (grant_id, organization_id, customer_id, former_end, until_sequence, created_at)
      SELECT g.id, $1::uuid, g.customer_id, g.expires_at, $3::bigint, $4::timestamptz
      FROM later k JOIN credit_grants g ON g.id = k.id AND g.customer_id = $2::uuid
    )
    UPDATE credit_grants g SET expires_at = k.expires_at, next_transition_at = k.next_transition_at
    FROM later k WHERE g.id = k.id AND g.customer_id = $2::uuid`,
};
