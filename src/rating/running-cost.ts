import { type Exact, LIMIT, max, roundProduct, ZERO } from '../kit/decimal.ts';
import { costOf } from './cost.ts';
import type { TieredTerms } from './rate-terms.ts';

/** What was used of a price in a period so far, and what was charged for it. */
export interface Running {
  readonly quantity: Exact;
  readonly charged: Exact;
}

/**
 * What a quantity costs on top of what was used before. The charges of graduated tiers add up to the
 * rounded cost of the total exactly, whatever the order: each is the difference between the rounded costs
 * with it and without it. A volume price may fall where a tier begins; then a charge is what is missing
 * from the cost of the total, and never less than nothing. Null is more than can be counted.
 */
export function costOnTop(
  terms: TieredTerms,
  quantity: Exact,
  before: Running,
  scale: number,
): Exact | null {
  const after = before.quantity + quantity;
  if (after >= LIMIT) return null;
  const total = roundProduct(costOf(terms, after), scale);
  if (total >= LIMIT) return null;
  if (terms.model === 'VOLUME') return max(total - before.charged, ZERO);
  return total - roundProduct(costOf(terms, before.quantity), scale);
}
