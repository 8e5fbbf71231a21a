import type { Statement } from '../../infra/db.ts';

/**
 * What a mail about a recharge says besides what was told. Parameters: customer, rule or null, payment or null; one of both is
 * there, and a payment leads to its rule.
 */
export const READ_RECHARGE: Statement = {
  name: 'mail.read_recharge',
  text: `SELECT c.email, w.name AS wallet_name, s.code AS asset, m.brand, m.last4, p.action_url,
      coalesce(p.status = 'PENDING', false) AS is_open,
      o.name AS organization_name, o.mode
    FROM customers c
    JOIN organizations o ON o.id = c.organization_id
    LEFT JOIN payments p ON p.id = $3::uuid AND p.customer_id = c.id
    LEFT JOIN auto_recharges a ON a.payment_id = p.id AND a.customer_id = c.id
    JOIN auto_recharge_rules r ON r.id = coalesce($2::uuid, a.rule_id) AND r.customer_id = c.id AND r.deleted_at IS NULL
    JOIN wallets w ON w.id = r.wallet_id AND w.customer_id = c.id
    JOIN assets s ON s.id = w.asset_id
    LEFT JOIN payment_methods m ON m.id = coalesce(p.method_id, r.method_id) AND m.customer_id = c.id
    WHERE c.id = $1::uuid`,
};

export interface RechargeRow {
  email: string | null;
  wallet_name: string;
  /** Its code: `USD`. */
  asset: string;
  brand: string | null;
  last4: string | null;
  action_url: string | null;
  /** Whether the payment can still be confirmed; false where there is none. */
  is_open: boolean;
  organization_name: string;
  mode: 'LIVE' | 'TEST';
}
