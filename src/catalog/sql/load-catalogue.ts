import type { Statement } from '../../infra/db.ts';
import type { Aggregation } from '../../rating/aggregation.ts';
import type { StoredConversion } from '../conversion.ts';
import { PRICE_JSON, type PriceJson, RATE_JSON, type RateJson } from './rate-json.ts';

export interface CatalogueRow {
  readonly version: string;
  readonly assets: readonly { id: string; code: string; scale: number; burnOrder: string }[];
  readonly metrics: readonly {
    id: string;
    code: string;
    eventType: string;
    aggregation: Aggregation;
    property: string | null;
    filter: unknown;
    conversion: StoredConversion | null;
  }[];
  readonly features: readonly {
    id: string;
    code: string;
    kind: 'BOOLEAN' | 'STATIC' | 'METERED';
    metricId: string | null;
  }[];
  readonly prices: readonly PriceJson[];
  readonly rates: readonly RateJson[];
}

/**
 * What rating needs of one organization for everybody, with the version it has: of the rate cards the default
 * one. One statement sees one snapshot of the database, so the version and the rows always belong together.
 */
export const LOAD_CATALOGUE: Statement = {
  name: 'catalog.load',
  text: `
WITH price AS (
  SELECT p.* FROM rate_cards card JOIN prices p ON p.rate_card_id = card.id
  WHERE card.organization_id = $1::uuid AND card.code = 'default'
)
SELECT o.catalogue_version::text AS version,
  (SELECT coalesce(json_agg(json_build_object(
      'id', a.id, 'code', a.code, 'scale', a.scale, 'burnOrder', a.burn_order) ORDER BY a.id), '[]')
    FROM assets a WHERE a.organization_id = o.id) AS assets,
  (SELECT coalesce(json_agg(json_build_object(
      'id', m.id, 'code', m.code, 'eventType', m.event_type, 'aggregation', m.aggregation,
      'property', m.property, 'filter', m.filter,
      'conversion', m.conversion) ORDER BY m.id), '[]')
    FROM billable_metrics m WHERE m.organization_id = o.id) AS metrics,
  (SELECT coalesce(json_agg(json_build_object(
      'id', f.id, 'code', f.code, 'kind', f.kind, 'metricId', f.metric_id) ORDER BY f.id), '[]')
    FROM features f WHERE f.organization_id = o.id) AS features,
  (SELECT coalesce(json_agg(${PRICE_JSON} ORDER BY p.id), '[]')
    FROM price p JOIN assets a ON a.id = p.asset_id) AS prices,
  (SELECT coalesce(json_agg(${RATE_JSON} ORDER BY r.id), '[]')
    FROM rates r JOIN price p ON p.id = r.price_id) AS rates
FROM organizations o WHERE o.id = $1::uuid`,
};
