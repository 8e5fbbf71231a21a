import type { Statement } from '../../infra/db.ts';
import type { AlertKind } from '../../live/event.ts';
import type { StoredTerms } from '../rule.ts';

const RULE = `SELECT r.id, r.kind, r.terms, r.asset_id FROM alert_rules r
          WHERE r.deleted_at IS NULL AND r.organization_id = w.organization_id`;

/**
 * What wallets are judged on, once this transaction holds them: their rules, the alerts that are active, and
 * the version of the organization's rules in the same snapshot. Parameters: wallet ids and customer ids,
 * side by side.
 */
export const READ_STANDING: Statement = {
  name: 'alerts.read_standing',
  text: `SELECT w.id AS wallet_id, w.alert_base::text AS base, w.alert_depleted AS depleted,
      o.alert_version::float8 AS alert_version,
      (SELECT json_agg(json_build_array(r.id, r.kind, r.terms)) FROM (
          ${RULE} AND r.customer_id IS NULL
          UNION ALL
          ${RULE} AND r.customer_id = w.customer_id AND (r.wallet_id IS NULL OR r.wallet_id = w.id)
        ) r WHERE r.asset_id IS NULL OR r.asset_id = w.asset_id) AS rules,
      (SELECT json_agg(json_build_array(a.id, a.rule_id, a.kind, a.told)) FROM alerts a
        WHERE a.wallet_id = w.id AND a.customer_id = w.customer_id AND a.recovered_at IS NULL
          AND a.grant_id IS NULL) AS active
    FROM unnest($1::uuid[], $2::uuid[]) AS k (id, customer_id)
    JOIN wallets w ON w.id = k.id AND w.customer_id = k.customer_id
    JOIN organizations o ON o.id = w.organization_id`,
};

export interface StandingRow {
  wallet_id: string;
  base: string | null;
  depleted: boolean;
  alert_version: number;
  rules: [id: string, kind: AlertKind, terms: StoredTerms][] | null;
  active: [id: string, ruleId: string, kind: AlertKind, told: boolean][] | null;
}
