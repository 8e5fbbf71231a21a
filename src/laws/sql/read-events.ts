import type { StoredConversion } from '../../catalog/conversion.ts';
import type { Statement } from '../../infra/db.ts';
import type { Aggregation } from '../../rating/aggregation.ts';
import type { PricingModel } from '../../rating/rate-terms.ts';

/**
 * The next events in key order, each with its charges: one row a charge, and one for an event that has
 * none. Parameters: the id after which to go on, how many events.
 */
export const READ_EVENTS: Statement = {
  name: 'laws.read_events',
  text: `SELECT v.id, v.type, v.subject, v.occurred_at, v.properties, encode(v.content_hash, 'hex') AS content_hash,
      c.ordinal, c.metric_id, c.rate_id, c.wallet_id, w.asset_id AS wallet_asset_id,
      c.quantity::text AS quantity, c.amount::text AS amount, c.counted_before::text AS counted_before,
      c.charged_before::text AS charged_before
    FROM (
      SELECT * FROM usage_events WHERE id > $1::uuid ORDER BY id LIMIT $2::int
    ) v
    LEFT JOIN charges c ON c.usage_event_id = v.id AND c.customer_id = v.customer_id
    LEFT JOIN wallets w ON w.id = c.wallet_id AND w.customer_id = c.customer_id
    ORDER BY v.id, c.ordinal`,
};

interface EventFields {
  id: string;
  type: string;
  subject: string | null;
  occurred_at: Date;
  properties: Record<string, unknown>;
  content_hash: string;
}

interface ChargeFields {
  ordinal: number;
  metric_id: string;
  rate_id: string;
  wallet_id: string | null;
  wallet_asset_id: string | null;
  quantity: string;
  amount: string;
  counted_before: string | null;
  charged_before: string | null;
}

type NoCharge = { [Field in keyof ChargeFields]: null };

export type EventRow = EventFields & (ChargeFields | NoCharge);
export type ChargedRow = EventFields & ChargeFields;

/** Rates, each with the price, metric and asset that a charge at it depends on. Parameter: rate ids. */
export const READ_RATES: Statement = {
  name: 'laws.read_rates',
  text: `SELECT r.id, r.dimensions, r.model::text AS model, r.unit_amount::text AS unit_amount,
      r.package_size::text AS package_size, r.terms, r.effective_from, p.id AS price_id, p.rate_card_id, a.id AS asset_id, a.scale, m.id AS metric_id, m.code, m.event_type,
      m.aggregation::text AS aggregation, m.property, m.filter, m.conversion
    FROM rates r JOIN prices p ON p.id = r.price_id JOIN assets a ON a.id = p.asset_id
      JOIN billable_metrics m ON m.id = p.metric_id
    WHERE r.id = ANY ($1::uuid[])`,
};

export interface RateRow {
  id: string;
  dimensions: Record<string, string>;
  model: PricingModel;
  unit_amount: string | null;
  package_size: string;
  terms: unknown;
  effective_from: Date | null;
  price_id: string;
  rate_card_id: string;
  asset_id: string;
  scale: number;
  metric_id: string;
  code: string;
  event_type: string;
  aggregation: Aggregation;
  property: string | null;
  filter: unknown;
  conversion: StoredConversion | null;
}
