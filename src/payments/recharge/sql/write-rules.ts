import type { Statement } from '../../../infra/db.ts';
import { CHARGE_PAYMENT } from '../../sql/add-jobs.ts';

/**
 * How rules stand from now on, and what their wallets are compared with. Parameters, as one document: see `StandingDraft`; the
 * instant.
 */
export const WRITE_STANDINGS: Statement = {
  name: 'recharge.write_standings',
  text: `WITH given AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS g (rule_id uuid, wallet_id uuid, customer_id uuid, below numeric,
        status recharge_status, reason text, due_at timestamptz, started_at timestamptz)
    ), compared AS (
      UPDATE wallets w SET recharge_below = g.below FROM given g
      WHERE w.id = g.wallet_id AND w.customer_id = g.customer_id AND w.recharge_below IS DISTINCT FROM g.below
    )
    UPDATE auto_recharge_rules r SET status = g.status, reason = g.reason, due_at = g.due_at,
      last_started_at = coalesce(g.started_at, r.last_started_at)
    FROM given g WHERE r.id = g.rule_id`,
};

/** Instants and amounts as text. */
export interface StandingDraft {
  /** Null for a wallet that has none any more. */
  readonly rule_id: string | null;
  readonly wallet_id: string;
  readonly customer_id: string;
  readonly below: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly due_at: string | null;
  /** Null where nothing is started. */
  readonly started_at: string | null;
}

/**
 * Starts recharges: the payment, that it is one, and the job that charges it. That a rule has none in flight is an index.
 * Parameters, as one document: see `StartDraft`; now by the server, when the payment is given up.
 */
export const START_RECHARGES: Statement = {
  name: 'recharge.start',
  text: `WITH given AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS g (payment_id uuid, organization_id uuid, customer_id uuid,
        wallet_id uuid, wallet_name text, rule_id uuid, provider_id uuid, method_id uuid, asset_id uuid, amount numeric,
        credit_asset_id uuid, credit numeric, exchange_rate_id uuid, expires_after_days int, description text,
        period_start timestamptz, max_amount numeric, max_count int, started_at timestamptz, look_at timestamptz)
    ), paid AS (
      INSERT INTO payments (id, organization_id, customer_id, provider_id, origin, asset_id, amount, credit_asset_id,
        wallet_name, credit, exchange_rate_id, expires_after_days, method_id, description, expires_at, look_at, created_at, updated_at)
      SELECT payment_id, organization_id, customer_id, provider_id, 'AUTO_RECHARGE', asset_id, amount, credit_asset_id,
        wallet_name, credit, exchange_rate_id, expires_after_days, method_id, description, $3::timestamptz, look_at,
        $2::timestamptz, $2::timestamptz
      FROM given
    ), started AS (
      INSERT INTO auto_recharges (payment_id, organization_id, customer_id, wallet_id, rule_id, asset_id, amount,
        period_start, max_amount, max_count, started_at)
      SELECT payment_id, organization_id, customer_id, wallet_id, rule_id, asset_id, amount, period_start, max_amount,
        max_count, started_at
      FROM given
    )
    SELECT (graphile_worker.add_job('${CHARGE_PAYMENT}',
      json_build_object('paymentId', payment_id, 'customerId', customer_id))).id
    FROM given`,
};

/** Instants and amounts as text. When it is looked at first, `look_at`, is added to it. */
export interface StartDraft {
  readonly payment_id: string;
  readonly organization_id: string;
  readonly customer_id: string;
  readonly wallet_id: string;
  readonly wallet_name: string;
  readonly rule_id: string;
  readonly provider_id: string;
  readonly method_id: string;
  readonly asset_id: string;
  readonly amount: string;
  readonly credit_asset_id: string;
  readonly credit: string;
  readonly exchange_rate_id: string | null;
  readonly expires_after_days: number | null;
  /** What the customer reads. */
  readonly description: string;
  readonly period_start: string;
  readonly max_amount: string;
  readonly max_count: number;
  readonly started_at: string;
}
