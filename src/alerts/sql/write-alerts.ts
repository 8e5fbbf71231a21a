import type { Statement } from '../../infra/db.ts';

/**
 * Stores alerts. Parameters, in columns: $1 ids, $2 organizations, $3 customers, $4 wallets, $5 rules,
 * $6 grants, $7 kinds, $8 told, $9 thresholds, $10 what was observed, $11 whether it is over at once; $12
 * the instant; $13, in a column again, the ends of the grants.
 */
export const INSERT_ALERTS: Statement = {
  name: 'alerts.insert',
  text: `INSERT INTO alerts (id, organization_id, customer_id, wallet_id, rule_id, grant_id, kind, told,
      threshold, observed, raised_at, recovered_at, grant_ends_at)
    SELECT a.id, a.organization_id, a.customer_id, a.wallet_id, a.rule_id, a.grant_id, a.kind, a.told,
      a.threshold, a.observed, $12::timestamptz, CASE WHEN a.momentary THEN $12::timestamptz END,
      a.grant_ends_at
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[],
        $7::alert_kind[], $8::boolean[], $9::numeric[], $10::numeric[], $11::boolean[], $13::timestamptz[])
      AS a (id, organization_id, customer_id, wallet_id, rule_id, grant_id, kind, told, threshold,
        observed, momentary, grant_ends_at)`,
};

/** Ends alerts. Parameters: ids and customers, side by side; the instant. */
export const RECOVER_ALERTS: Statement = {
  name: 'alerts.recover',
  text: `UPDATE alerts a SET recovered_at = $3::timestamptz
    FROM unnest($1::uuid[], $2::uuid[]) AS k (id, customer_id)
    WHERE a.id = k.id AND a.customer_id = k.customer_id`,
};

/**
 * Stores what wallets are compared with from now on. Parameters, in columns: $1 wallets, $2 customers, $3
 * the next thresholds, $4 what percents are of, $5 whether they are empty, $6 whether their spend is
 * kept, $7 the version of the rules.
 */
export const STORE_THRESHOLDS: Statement = {
  name: 'alerts.store_thresholds',
  text: `UPDATE wallets w SET alert_below = k.below, alert_base = k.base, alert_depleted = k.depleted,
      alert_spend = k.spend, alert_version = k.version
    FROM unnest($1::uuid[], $2::uuid[], $3::numeric[], $4::numeric[], $5::boolean[], $6::boolean[],
        $7::bigint[])
      AS k (id, customer_id, below, base, depleted, spend, version)
    WHERE w.id = k.id AND w.customer_id = k.customer_id`,
};
