import type { Statement } from '../../infra/db.ts';
import type { AlertKind } from '../../live/event.ts';

/** Everything that a mail about an alert says. Parameters: alert, its customer. */
export const READ_ALERT: Statement = {
  name: 'mail.read_alert',
  text: `SELECT a.kind, a.threshold::text AS threshold, a.observed::text AS observed, a.raised_at,
      r.name AS rule_name, r.terms, CASE WHEN r.deleted_at IS NULL THEN r.emails ELSE '{}' END AS emails,
      c.external_id, c.name AS customer_name, c.email AS customer_email,
      w.name AS wallet_name, s.code AS asset, g.expires_at,
      o.name AS organization_name, o.mode, c.test_clock_id IS NOT NULL AS has_test_clock
    FROM alerts a
    JOIN alert_rules r ON r.id = a.rule_id
    JOIN customers c ON c.id = a.customer_id
    JOIN wallets w ON w.id = a.wallet_id AND w.customer_id = a.customer_id
    JOIN assets s ON s.id = w.asset_id
    JOIN organizations o ON o.id = a.organization_id
    LEFT JOIN credit_grants g ON g.id = a.grant_id AND g.customer_id = a.customer_id
    WHERE a.id = $1::uuid AND a.customer_id = $2::uuid`,
};

export interface AlertRow {
  kind: AlertKind;
  threshold: string | null;
  observed: string;
  raised_at: Date;
  rule_name: string | null;
  terms: Record<string, string | number>;
  /** None when the rule was deleted. */
  emails: string[];
  external_id: string;
  customer_name: string | null;
  customer_email: string | null;
  wallet_name: string;
  asset: string;
  expires_at: Date | null;
  organization_name: string;
  mode: 'LIVE' | 'TEST';
  /** Whether it was raised by another time than the server's. */
  has_test_clock: boolean;
}
