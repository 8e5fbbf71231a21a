import type { Statement } from '../../infra/db.ts';

/**
 * Says where books differ. One that is open is brought up to date; what somebody has seen to is not said again unless it is another.
 * Parameters: organization, provider, the provider's object, payment, customer, what differs as a document, now.
 */
export const NOTE_MISMATCHES: Statement = {
  name: 'payments.note_mismatches',
  text: `INSERT INTO payment_mismatches AS m
      (id, organization_id, provider_id, kind, ref, payment_id, customer_id, expected, found, found_at)
    SELECT g.id, $1::uuid, $2::uuid, g.kind, $3, $4::uuid, $5::uuid, g.expected, g.found, $7::timestamptz
    FROM jsonb_to_recordset($6::jsonb) AS g (id uuid, kind payment_mismatch_kind, expected text, found text)
    WHERE NOT EXISTS (
      SELECT 1 FROM payment_mismatches k
      WHERE k.provider_id = $2::uuid AND k.ref = $3 AND k.kind = g.kind AND k.resolved_at IS NOT NULL
        AND (k.expected, k.found) IS NOT DISTINCT FROM (g.expected, g.found)
    )
    ON CONFLICT (provider_id, ref, kind) WHERE resolved_at IS NULL
      DO UPDATE SET expected = excluded.expected, found = excluded.found
      WHERE (m.expected, m.found) IS DISTINCT FROM (excluded.expected, excluded.found)`,
};
