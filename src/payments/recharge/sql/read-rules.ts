import type { Statement } from '../../../infra/db.ts';
import type { ProviderKind } from '../../provider.ts';
import type { RechargeStatus } from '../rule.ts';

/** Calendar periods by UTC: `k.now` is the customer's. */
const PERIOD = `date_trunc(lower(r.period::text), k.now AT TIME ZONE 'UTC')`;

/** What failed was not used, unless its money came after all. */
const IS_USED = '(NOT u.failed OR u.paid_late_at IS NOT NULL)';

/**
 * The rules of wallets that this transaction holds, and all that they are decided on. What was charged counts for the wallet: a rule
 * that is deleted and made anew begins with what the one before has used. Whoever starts or ends a recharge of a
 * wallet holds it, so that what is summed here stays so; payments are only read, never locked: a payment is locked before its
 * wallet. Parameters, side by side: wallets, customers, what time it is for each.
 */
export const READ_RULES: Statement = {
  name: 'recharge.read_rules',
  text: `SELECT r.id, r.organization_id, r.customer_id, r.wallet_id, w.name AS wallet_name, w.asset_id AS credit_asset_id,
      r.enabled, r.threshold::text AS threshold, r.amount::text AS amount, r.target::text AS target,
      r.max_amount::text AS max_amount, r.max_count, r.cooldown_seconds, r.expires_after_days, r.asset_id, r.method_id,
      r.status, r.reason, r.retry_at, r.suspended_at, r.last_started_at,
      a.code, a.kind, a.scale, a.minor_units, c.code AS credit_code, c.kind AS credit_kind, c.scale AS credit_scale,
      c.minor_units AS credit_minor_units,
      m.provider_id, p.kind AS provider_kind, m.detached_at IS NULL AND p.disabled_at IS NULL AS can_charge,
      ${PERIOD} AT TIME ZONE 'UTC' AS period_start,
      (${PERIOD} + ('1 ' || r.period)::interval) AT TIME ZONE 'UTC' AS period_end,
      used.amount AS used_amount, used.count AS used_count, used.in_flight,
      (SELECT coalesce(sum(q.credit + q.bonus), 0)::text FROM payments q
        WHERE q.customer_id = r.customer_id AND q.status = 'AUTHORIZED' AND q.credit_asset_id = w.asset_id
          AND q.wallet_name = w.name) AS promised,
      x.id AS rate_id, x.top_up_rate::text AS rate
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS k (wallet_id, customer_id, now)
    JOIN auto_recharge_rules r ON r.wallet_id = k.wallet_id AND r.deleted_at IS NULL
    JOIN wallets w ON w.id = r.wallet_id AND w.customer_id = r.customer_id
    JOIN assets a ON a.id = r.asset_id
    JOIN assets c ON c.id = w.asset_id
    JOIN payment_methods m ON m.id = r.method_id AND m.customer_id = r.customer_id
    JOIN payment_providers p ON p.id = m.provider_id
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(u.amount) FILTER (WHERE u.asset_id = r.asset_id AND ${IS_USED}), 0)::text AS amount,
        (count(*) FILTER (WHERE ${IS_USED}))::int AS count, coalesce(bool_or(u.ended_at IS NULL), false) AS in_flight
      FROM auto_recharges u
      WHERE u.wallet_id = r.wallet_id AND u.customer_id = r.customer_id AND (u.started_at >= ${PERIOD} AT TIME ZONE 'UTC' OR u.ended_at IS NULL)
    ) used
    LEFT JOIN LATERAL (
      SELECT id, top_up_rate FROM exchange_rates
      WHERE organization_id = r.organization_id AND from_asset_id = r.asset_id AND to_asset_id = w.asset_id
        AND top_up_rate IS NOT NULL AND effective_at <= k.now
      ORDER BY effective_at DESC LIMIT 1
    ) x ON r.asset_id <> w.asset_id`,
};

type AssetKind = 'FIAT' | 'CUSTOM';

export interface RuleRow {
  readonly id: string;
  readonly organization_id: string;
  readonly customer_id: string;
  readonly wallet_id: string;
  readonly wallet_name: string;
  readonly credit_asset_id: string;
  readonly enabled: boolean;
  readonly threshold: string;
  readonly amount: string | null;
  readonly target: string | null;
  readonly max_amount: string;
  readonly max_count: number;
  readonly cooldown_seconds: number;
  readonly expires_after_days: number | null;
  readonly asset_id: string;
  readonly method_id: string;
  readonly status: RechargeStatus;
  readonly reason: string | null;
  readonly retry_at: Date | null;
  readonly suspended_at: Date | null;
  readonly last_started_at: Date | null;
  readonly code: string;
  readonly kind: AssetKind;
  readonly scale: number;
  readonly minor_units: number;
  readonly credit_code: string;
  readonly credit_kind: AssetKind;
  readonly credit_scale: number;
  readonly credit_minor_units: number;
  readonly provider_id: string;
  readonly provider_kind: ProviderKind;
  readonly can_charge: boolean;
  readonly period_start: Date;
  readonly period_end: Date;
  readonly used_amount: string;
  readonly used_count: number;
  readonly in_flight: boolean;
  readonly promised: string;
  readonly rate_id: string | null;
  readonly rate: string | null;
}
