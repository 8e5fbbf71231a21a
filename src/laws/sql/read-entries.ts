import type { Statement } from '../../infra/db.ts';

/**
 * The next entries, wallet by wallet in sequence, each with what its draw depended on. Parameters: the
 * wallet and sequence after which to go on, how many.
 */
export const READ_ENTRIES: Statement = {
  name: 'laws.read_entries',
  text: `SELECT e.wallet_id, e.sequence::text AS sequence, e.cause::text AS cause, e.cause_id, e.charge_ordinal,
      e.grant_id, e.amount::text AS amount, e.credit_account = 'WALLET' AS incoming, e.posted_at,
      v.occurred_at, m.code AS metric_code, a.burn_order::text AS burn_order, h.hold_id
    FROM (
      SELECT * FROM ledger_entries WHERE (wallet_id, sequence) > ($1::uuid, $2::bigint)
      ORDER BY wallet_id, sequence LIMIT $3::int
    ) e
    JOIN wallets w ON w.id = e.wallet_id AND w.customer_id = e.customer_id
    JOIN assets a ON a.id = w.asset_id
    LEFT JOIN usage_events v ON e.cause = 'USAGE' AND v.id = e.cause_id AND v.customer_id = e.customer_id
    LEFT JOIN charges c ON e.cause = 'USAGE' AND c.usage_event_id = e.cause_id
      AND c.ordinal = e.charge_ordinal AND c.customer_id = e.customer_id
    LEFT JOIN billable_metrics m ON m.id = c.metric_id
    LEFT JOIN hold_captures h ON e.cause = 'USAGE' AND h.usage_event_id = e.cause_id
      AND h.customer_id = e.customer_id AND NOT h.late
    ORDER BY e.wallet_id, e.sequence`,
};

export interface EntryRow {
  wallet_id: string;
  sequence: string;
  cause: string;
  cause_id: string;
  charge_ordinal: number | null;
  grant_id: string | null;
  amount: string;
  incoming: boolean;
  posted_at: Date;
  occurred_at: Date | null;
  metric_code: string | null;
  burn_order: string;
  /** The hold that a capture in time was paid from. */
  hold_id: string | null;
}

/** All grants of wallets, spent ones too. Parameter: wallet ids. */
export const READ_GRANTS: Statement = {
  name: 'laws.read_grants',
  text: `SELECT id, wallet_id, purpose::text AS purpose, priority, effective_at, expires_at, scope_metrics, created_at
    FROM credit_grants WHERE wallet_id = ANY ($1::uuid[])`,
};

export interface GrantRow {
  id: string;
  wallet_id: string;
  purpose: string;
  priority: number;
  effective_at: Date | null;
  expires_at: Date | null;
  scope_metrics: string[];
  created_at: Date;
}

/** The later ends that grants of wallets were given, in their order. Parameter: wallet ids. */
export const READ_GRANT_EXTENSIONS: Statement = {
  name: 'laws.read_grant_extensions',
  text: `SELECT g.wallet_id, x.grant_id, x.former_end, x.until_sequence::float8 AS until_sequence
    FROM credit_grants g JOIN grant_extensions x ON x.grant_id = g.id AND x.customer_id = g.customer_id
    WHERE g.wallet_id = ANY ($1::uuid[])
    ORDER BY x.until_sequence, x.former_end`,
};

export interface GrantExtensionRow {
  wallet_id: string;
  grant_id: string;
  former_end: Date;
  /** The last entry that went by that end. */
  until_sequence: number;
}

/** The holds of wallets: what they were placed with, when they let go, and what is set aside now. Parameter: wallets. */
export const READ_HOLDS: Statement = {
  name: 'laws.read_holds',
  text: `SELECT h.id, h.wallet_id, h.reservations, h.closed_sequence::float8 AS closed_sequence,
      h.allocations
    FROM wallets w
    JOIN holds h ON h.customer_id = w.customer_id AND h.wallet_id = w.id
    WHERE w.id = ANY ($1::uuid[])
    ORDER BY h.wallet_id, h.id`,
};

export interface HoldRow {
  id: string;
  wallet_id: string;
  reservations: [sequence: number, grantId: string | null, amount: string][];
  closed_sequence: number | null;
  allocations: [grantId: string, amount: string][];
}

/**
 * What extensions of holds set aside behind the entries that were read, in the order in which it was. Parameters: the wallet and
 * sequence after which those begin, and of the last of them.
 */
export const READ_HOLD_EXTENSIONS: Statement = {
  name: 'laws.read_hold_extensions',
  text: `SELECT wallet_id, sequence::float8 AS sequence, hold_id, grant_id, amount::text AS amount
    FROM hold_extensions
    WHERE (wallet_id, sequence) > ($1::uuid, $2::bigint) AND (wallet_id, sequence) <= ($3::uuid, $4::bigint)
    ORDER BY wallet_id, sequence, version, ordinal`,
};

export interface HoldExtensionRow {
  wallet_id: string;
  sequence: number;
  hold_id: string;
  grant_id: string | null;
  amount: string;
}
