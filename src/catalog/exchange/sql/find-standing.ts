import type { Statement } from '../../../infra/db.ts';

const IN_FORCE = (
  rate: 'spend_rate' | 'top_up_rate',
) => `SELECT DISTINCT ON (from_asset_id, to_asset_id) id
  FROM exchange_rates WHERE organization_id = $1::uuid AND ${rate} IS NOT NULL AND effective_at <= $2::timestamptz
  ORDER BY from_asset_id, to_asset_id, effective_at DESC`;

/**
 * What a catalogue says of exchange rates: those in force at an instant for either purpose, and those that begin
 * later. Parameters: the organization, the instant.
 */
export const FIND_STANDING: Statement = {
  name: 'exchange.find_standing',
  text: `
SELECT rate.id, source.code AS "from", target.code AS "to", rate.spend_rate::text AS "spendRate",
  rate.top_up_rate::text AS "topUpRate", rate.effective_at AS "effectiveAt"
FROM exchange_rates rate
JOIN assets source ON source.id = rate.from_asset_id
JOIN assets target ON target.id = rate.to_asset_id
WHERE rate.organization_id = $1::uuid AND (rate.effective_at > $2::timestamptz
  OR rate.id IN (${IN_FORCE('spend_rate')}) OR rate.id IN (${IN_FORCE('top_up_rate')}))
ORDER BY rate.effective_at, rate.id`,
};

export interface StandingRow {
  id: string;
  from: string;
  to: string;
  spendRate: string | null;
  topUpRate: string | null;
  effectiveAt: Date;
}
