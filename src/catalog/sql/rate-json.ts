import type { PricingModel } from '../../rating/rate-terms.ts';

/** A rate `r` as JSON. */
export const RATE_JSON = `json_build_object(
      'id', r.id, 'priceId', r.price_id, 'dimensions', r.dimensions,
      'model', r.model, 'unitAmount', r.unit_amount::text, 'packageSize', r.package_size::text,
      'terms', r.terms,
      'effectiveFromMs', (extract(epoch FROM r.effective_from) * 1000)::bigint)`;

export interface RateJson {
  id: string;
  priceId: string;
  dimensions: Record<string, string>;
  model: PricingModel;
  unitAmount: string | null;
  packageSize: string;
  terms: unknown;
  effectiveFromMs: number | null;
}

/** A price `p` of an asset `a` as JSON. */
export const PRICE_JSON = `json_build_object(
      'id', p.id, 'rateCardId', p.rate_card_id, 'metricId', p.metric_id, 'assetId', p.asset_id,
      'assetScale', a.scale, 'countedAs', p.counted_as)`;

export interface PriceJson {
  id: string;
  rateCardId: string;
  metricId: string;
  assetId: string;
  assetScale: number;
  countedAs: string;
}
