import type { Statement } from '../../infra/db.ts';

/**
 * A wallet's balance at a past instant, from its entries alone: what had been booked by then, on grants
 * that were in force then, less the debt of then; and apart from it what was not effective yet.
 * Parameters: wallet, instant.
 */
export const READ_BALANCE_AT: Statement = {
  name: 'ledger.read_balance_at',
  text: `SELECT
      coalesce(sum(e.signed) FILTER (WHERE e.grant_id IS NULL
        OR ((g.effective_at IS NULL OR g.effective_at <= $2::timestamptz)
          AND (g.expires_at IS NULL OR g.expires_at > $2::timestamptz))), 0)::text AS settled,
      coalesce(sum(e.signed) FILTER (WHERE g.effective_at > $2::timestamptz), 0)::text AS pending
    FROM (
      SELECT grant_id, CASE WHEN credit_account = 'WALLET' THEN amount ELSE -amount END AS signed
      FROM ledger_entries WHERE wallet_id = $1::uuid AND posted_at <= $2::timestamptz
    ) e
    LEFT JOIN credit_grants g ON g.id = e.grant_id`,
};
