import type { Statement } from '../../infra/db.ts';

/** The charges of events, in order, with the asset each was made in. Parameters: organization, event ids. */
export const READ_CHARGES: Statement = {
  name: 'usage.read_charges',
  text: `SELECT c.usage_event_id, c.ordinal, c.organization_id, c.customer_id, c.wallet_id, p.asset_id,
      c.metric_id, c.rate_id, c.quantity::text AS quantity, c.amount::text AS amount,
      c.first_sequence::text AS first_sequence, c.entry_count, c.period_start,
      c.counted_before::text AS counted_before, c.charged_before::text AS charged_before
    FROM charges c JOIN rates r ON r.id = c.rate_id JOIN prices p ON p.id = r.price_id
    WHERE c.organization_id = $1::uuid AND c.usage_event_id = ANY ($2::uuid[])
    ORDER BY c.usage_event_id, c.ordinal`,
};

export interface ChargeRow {
  usage_event_id: string;
  ordinal: number;
  organization_id: string;
  customer_id: string;
  wallet_id: string | null;
  asset_id: string;
  metric_id: string;
  rate_id: string;
  quantity: string;
  amount: string;
  first_sequence: string;
  entry_count: number;
  period_start: Date | null;
  counted_before: string | null;
  charged_before: string | null;
}

/** The entries of charges: each names its wallet and a run of sequence numbers. */
export const READ_DRAWS: Statement = {
  name: 'usage.read_draws',
  text: `SELECT e.wallet_id, e.sequence::text AS sequence, e.grant_id, e.amount::text AS amount
    FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS k (wallet_id, first_sequence, entry_count)
    JOIN ledger_entries e ON e.wallet_id = k.wallet_id
      AND e.sequence >= k.first_sequence AND e.sequence < k.first_sequence + k.entry_count
    ORDER BY e.wallet_id, e.sequence`,
};

export interface DrawRow {
  wallet_id: string;
  sequence: string;
  grant_id: string | null;
  amount: string;
}
