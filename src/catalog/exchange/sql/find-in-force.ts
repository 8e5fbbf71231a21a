import type { Statement } from '../../../infra/db.ts';

const OF_PAIR = `FROM exchange_rates
  WHERE organization_id = $1::uuid AND from_asset_id = from_id AND to_asset_id = to_id
    AND CASE purpose WHEN 'SPEND' THEN spend_rate ELSE top_up_rate END IS NOT NULL`;

/**
 * The rates in force for some pairs and purposes at some instants: the latest that began at or before it and
 * says something about the purpose, and when the next such one begins. Both are found from the instant on
 * in the unique index, however many rates a pair has had.
 * Parameters: the organization; the assets from, the assets to, the purposes, the instants.
 */
export const FIND_IN_FORCE: Statement = {
  name: 'exchange.find_in_force',
  text: `
SELECT asked.n::int, found.id, found.rate::text, found.effective_at AS "effectiveAt",
  next.effective_at AS "validUntil"
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) WITH ORDINALITY
  AS asked (from_id, to_id, purpose, at, n)
CROSS JOIN LATERAL (
  SELECT id, CASE purpose WHEN 'SPEND' THEN spend_rate ELSE top_up_rate END AS rate, effective_at
  ${OF_PAIR} AND effective_at <= at
  ORDER BY effective_at DESC LIMIT 1
) found
LEFT JOIN LATERAL (
  SELECT effective_at ${OF_PAIR} AND effective_at > at
  ORDER BY effective_at LIMIT 1
) next ON true`,
};

export interface InForceRow {
  /** Which of those asked for, from 1. */
  n: number;
  id: string;
  rate: string;
  effectiveAt: Date;
  validUntil: Date | null;
}
