import type { Statement } from '../../infra/db.ts';

/**
 * What was charged in advance to a wallet for a subscription and is not given back, the latest first: what of it is
 * not had may come back. Parameters: subscription, customer, wallet, how many at most.
 */
export const READ_RETURNABLE: Statement = {
  name: 'subscriptions.read_returnable',
  text: `SELECT id, amount::text AS amount, returned::text AS returned,
      first_sequence::float8 AS first_sequence, entry_count
    FROM subscription_charges
    WHERE subscription_id = $1::uuid AND customer_id = $2::uuid AND wallet_id = $3::uuid
      AND kind IN ('RECURRING', 'SEATS', 'PRORATION') AND returned < amount AND first_sequence IS NOT NULL
    ORDER BY id DESC LIMIT $4::int`,
};

export interface ReturnableRow {
  readonly id: string;
  readonly amount: string;
  readonly returned: string;
  readonly first_sequence: number;
  readonly entry_count: number;
}

/** The entries of runs of a wallet's sequence. Parameters: the wallet, where they begin, how many each has. */
export const READ_RUNS: Statement = {
  name: 'subscriptions.read_runs',
  text: `SELECT e.sequence::float8 AS sequence, e.grant_id, e.amount::text AS amount
    FROM unnest($2::bigint[], $3::int[]) AS k (first_sequence, entry_count)
    JOIN ledger_entries e ON e.wallet_id = $1::uuid
      AND e.sequence >= k.first_sequence AND e.sequence < k.first_sequence + k.entry_count`,
};

export interface RunEntryRow {
  readonly sequence: number;
  readonly grant_id: string | null;
  readonly amount: string;
}

/** Parameters: charges, how much more of each is given back, side by side; their customer. */
export const ADD_RETURNED: Statement = {
  name: 'subscriptions.add_returned',
  text: `UPDATE subscription_charges c SET returned = c.returned + k.amount
    FROM unnest($1::uuid[], $2::numeric[]) AS k (id, amount)
    WHERE c.id = k.id AND c.customer_id = $3::uuid`,
};
